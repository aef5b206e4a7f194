import type { Form } from './form.ts';

/** The log of one night, by the hour. */
export const NIGHT_WATCH: Form = {
  name: 'the log of a night',
  paragraphs: [
    [
      [
        '9.40 p.m. On duty {in}, second night.',
        '10 p.m. Relieved the day watch {in}. They left at a run.',
        '9.15 p.m. Began the round {in}, alone.',
      ],
      [
        'Instructions: watch {h}, touch nothing.',
        'Handed over: {x}, one torch with no battery, and a note that says “mind {h}”.',
        'Checked: {x}, windows, fire bucket, {h}.',
      ],
    ],
    [
      [
        '11.20 p.m. {H} {did}.',
        '11.05 p.m. As reported by {o}, {h} {did}.',
        '10.50 p.m. Note: {h} {did} without being asked.',
      ],
      [
        'Looked it up: there is no regulation against {doing}.',
        'Asked {o} for help. {O} had locked the office and turned up the radio.',
        'In the column for {h} I wrote “normal”, and then crossed it out.',
      ],
      [
        'Made tea. It tasted of #smell#.',
        'A noise: #sound#. Not the pipes.',
        'Counted the doors {in}. One more than yesterday.',
        'The telephone rang. It was {o}, asking whether {h} had slept.',
      ],
      ['Smell of #smell#, strongest near {x}.', 'Then #sound#, twice, from behind {x}.', 'Outside, #weather#.'],
    ],
    [
      [
        '1.30 a.m. Went closer to {h} than is allowed.',
        '12.58 a.m. {O} came down after all, carrying {y}.',
        '1.11 a.m. Somebody has moved {y}.',
      ],
      [
        '“They never told you that I talk,” {h} said. “They never told {o} either.”',
        'Saw #figure# standing where {o} should have been.',
        'Above {h}, #light#. “Do not be afraid,” said {h}, so I was.',
      ],
      [
        'We talked until #hour# about {doing}, and why anybody would {do2}.',
        '{H} {h:has|have} had {n} watchmen before me, and {h:remembers|remember} what each one was frightened of.',
        'I asked what {they} wanted. “Somebody to write it down,” {they} said, after a while.',
      ],
    ],
    [
      [
        '3.45 a.m. {H} {did2}.',
        '4 a.m. While I held the lamp, {h} {did2}.',
        '3.33 a.m. {O} and I saw it together: {h} {did2}.',
      ],
      [
        'Did not raise the alarm. Did not want to, with {y} so near.',
        'The alarm was rung {in}, by nobody.',
        'For one minute every clock {in} agreed.',
      ],
      [
        'Afterwards I touched {x}. Warm.',
        '{O} said a short prayer.',
        'I said thank you to {h}. It seemed the thing to say.',
      ],
    ],
    [
      [
        '6 a.m. Grey light, rain, {h} quiet again.',
        '6.20 a.m. Relieved {in}, at last.',
        '5.55 a.m. First birds. {H} gone from sight, but not gone.',
      ],
      [
        'To whoever is on tomorrow: bring two cups, one for {h}, and leave {x} alone.',
        'Found #keepsake# beside {y}. It has my initials.',
        'I have asked to stay on {in}. {O} {o:says|say} nobody ever has, except the one before {h}.',
      ],
    ],
  ],
};
