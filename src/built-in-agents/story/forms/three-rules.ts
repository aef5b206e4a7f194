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
      ],
      ['{O} {o:knows|know} them by heart.', '{O} made me repeat them twice.', 'It is {o} who reads them out.'],
    ],
    [
      [
        'The first rule: when you hear {h} begin, look somewhere else.',
        'First, never remark on the fact that {h} {did}.',
        'The first is easy: never ask {h} about {doing}.',
      ],
      [
        'It sounds simple until #weather#.',
        'A tourist, with {x} under one arm, once did. He writes, sometimes, to {o}.',
        'Children are better at it than {o} ever {o:was|were}.',
      ],
    ],
    [
      [
        'The second rule: do not move {x}.',
        'Second, cover {x} before #hour#.',
        'The second rule is about {x}: nobody but {h} may move it.',
      ],
      [
        '{O} forgot once, and heard #sound# for {n} weeks.',
        'They say that #figure# comes to count, and that {h} helps with the counting.',
        'A little dusting is allowed, said {o}, as long as {h} {h:agrees|agree}.',
      ],
    ],
    [
      [
        'The third rule is never to be sorry for {h}.',
        'The third: no good night, ever, to {h}.',
        'The third rule has no words: {o} only pointed at a chair, and then at {h}.',
      ],
      [
        'I kept all of them until the night when {h} {did2}.',
        'It lasted until {h} {did2}.',
        'On my ninth night {h} {did2}.',
      ],
      [
        'Nobody had warned me how tired {they} would look.',
        'By #light# {h} seemed smaller than {y}.',
        '“Are you cold?” I asked {h}.',
      ],
    ],
    [
      [
        'I had said it. The words went {in} like a dropped tray.',
        'For a moment #light# went out.',
        '{H} turned round.',
      ],
      [
        'It became so quiet {in} that I could hear {y}.',
        '{O} dropped {y}. It did not break.',
        'Every door {in} opened a little. Behind one stood #figure#.',
      ],
      [
        'Then {h} laughed, like someone who has waited {n} years for a rule to be broken.',
        '“At last,” said {h}. “Sit down, and bring {y}.”',
        '{H} took my hand, and the three rules slid off the wall behind {them}.',
      ],
    ],
    [
      [
        'Nowadays, {in}, we leave a light for {h}.',
        'We still {do2} together, {h} and I, when #weather#.',
        'Visitors ask about {x}. I tell them, and then I introduce them to {h}.',
      ],
      [
        '{O} {o:pretends|pretend} not to like it.',
        'Since then nobody {in} has locked a door.',
        'On the nail where the rules hung, there is #keepsake#.',
      ],
    ],
  ],
};
