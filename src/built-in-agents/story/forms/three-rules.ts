import type { Form } from './form.ts';

/** Three rules, told in order, and what came of the third. */
export const THREE_RULES: Form = {
  name: 'three rules',
  paragraphs: [
    [
      [
        'There are three rules {in}, and all of them concern {h}.',
        'Whoever takes a room {in} gets a key, and three rules about {h}.',
        'Three rules hang {in}, and somebody has added {h} to each, in pencil.',
        'I had hardly put down my bag {in} when they told me the three rules about {h}.',
        '{In} there are only three laws, and {h} {h:is|are} in every one.',
      ],
      [
        '{O} {o:knows|know} them by heart.',
        '{O} made me repeat them twice.',
        'It is {o} who reads them out.',
        '{O} said them slowly, the way one feeds a stove.',
        'Even {o} {o:lowers|lower} the voice for them.',
      ],
    ],
    [
      [
        'The first rule: when you hear {h} begin, look somewhere else.',
        'First, never remark on the fact that {h} {did}.',
        'The first is easy: never ask {h} about {doing}.',
        'Rule one: where {h} {h:is|are}, whistle, so that you are heard coming.',
        'One: if {h} {did} yesterday, you saw nothing.',
      ],
      [
        'It sounds simple until #weather#.',
        'A tourist, with {x} under one arm, once did. He writes, sometimes, to {o}.',
        'Children are better at it than {o} ever {o:was|were}.',
        'I managed that for {n} days.',
        '{O} broke it once, and {o:likes|like} to show the place.',
      ],
    ],
    [
      [
        'The second rule: do not move {x}.',
        'Second, cover {x} before #hour#.',
        'The second rule is about {x}: nobody but {h} may move it.',
        'Two: leave {x} as you find it.',
        'Second, let {x} be, whatever {h} {h:says|say}.',
      ],
      [
        '{O} forgot once, and heard #sound# for {n} weeks.',
        'They say that #figure# comes to count, and that {h} helps with the counting.',
        'A little dusting is allowed, said {o}, as long as {h} {h:agrees|agree}.',
        'I asked why. {O} pointed at #keepsake#, nailed above the bed.',
        'On nights when #weather#, even {o} {o:stays|stay} away from it.',
      ],
    ],
    [
      [
        'The third rule is never to be sorry for {h}.',
        'The third: no good night, ever, to {h}.',
        'The third rule has no words: {o} only pointed at a chair, and then at {h}.',
        'Three: whatever {h} {h:gives|give} you, do not say thank you.',
        'And third, at #hour#, you are not to think of {h}.',
      ],
      [
        'I kept all of them until the night when {h} {did2}.',
        'It lasted until {h} {did2}.',
        'On my ninth night {h} {did2}.',
        'Then came the evening when {h} {did2}, right beside me.',
        'I might have kept it, had {h} not looked at me. {H} {did2}.',
      ],
      [
        'Nobody had warned me how tired {they} would look.',
        'By #light# {h} seemed smaller than {y}.',
        '“Are you cold?” I asked {h}.',
        '{O} made a sign to me: do not.',
        'I saw {x} reflected in the eyes of {h}.',
      ],
    ],
    [
      [
        'I had said it. The words fell, {in}, like a dropped tray.',
        'For a moment #light# went out.',
        '{H} turned round.',
        'I spoke before I knew it.',
        '“Thank you,” I said to {h}, and {x} fell to the floor.',
      ],
      [
        'It became so quiet {in} that I could hear {y}.',
        '{O} dropped {y}. It did not break.',
        'Every door {in} opened a little. Behind one stood #figure#.',
        'Far below, #sound#, and then {y}, rolling.',
        'The lamps {in} leaned towards {h}.',
      ],
      [
        'Then {h} laughed, like someone who has waited {n} years for a rule to be broken.',
        '“At last,” said {h}. “Sit down, and bring {y}.”',
        '{H} took my hand, and the three rules slid off the wall behind {them}.',
        '“{N} years,” said {h} to {o}. “You owe me {x}.”',
        'And {h} sat down beside me, and {was} only cold.',
      ],
    ],
    [
      [
        'Nowadays, {in}, we leave a light for {h}.',
        'We still {do2} together, {h} and I, when #weather#.',
        'Visitors ask about {x}. I tell them, and then I introduce them to {h}.',
        'There are no rules about {h} any more. There is a chair.',
        'If you pass {in2}, look for {h} and {o}, playing cards for {x}.',
      ],
      [
        '{O} {o:pretends|pretend} not to like it.',
        'Since then nobody {in} has locked a door.',
        'On the nail where the rules hung, there is #keepsake#.',
        'I never did find out what {y} was for.',
        '{O} {o:keeps|keep} the frame, with #keepsake# in it.',
      ],
    ],
  ],
};
