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
        '8.55 p.m. Signed in {in}. The other signature was in chalk.',
        '9.30 p.m. First night {in}. Torch works.',
      ],
      [
        'Instructions: watch {h}, touch nothing.',
        'Handed over: {x}, one torch with no battery, and a note that says “mind {h}”.',
        'Checked: {x}, windows, fire bucket, {h}.',
        'List of what to guard: {x}, {y} and, underlined, {h}.',
        'The chief shook my hand for a long time. “Mind {x},” he said.',
      ],
    ],
    [
      [
        '11.20 p.m. {H} {did}.',
        '11.05 p.m. As reported by {o}, {h} {did}.',
        '10.50 p.m. Note: {h} {did} without being asked.',
        '11.40 p.m. Through the glass: {h} {did}.',
        '10.20 p.m. It is as they said. {H} {did}.',
      ],
      [
        'Looked it up: there is no regulation against {doing}.',
        'Asked {o} for help. {O} had locked the office and turned up the radio.',
        'In the column for {h} I wrote “normal”, and then crossed it out.',
        'Rang {o}. “{Doing}? Already?” said {o}, and hung up.',
        'Wrote “{doing}” under faults, and “none” under damage.',
      ],
      [
        'Made tea. It tasted of #smell#.',
        'A noise: #sound#. Not the pipes.',
        'Counted the doors {in}. One more than yesterday.',
        'The telephone rang. It was {o}, asking whether {h} had slept.',
        'Ate my sandwich. So did {h}, I think; there were two bites.',
        'Read the notes of the last man. They stop at #hour#.',
      ],
      [
        'Smell of #smell#, strongest near {x}.',
        'Then #sound#, twice, from behind {x}.',
        'Outside, #weather#.',
        '{X} has been turned to face the wall.',
        'Then #light#, where no light should be. It greeted me, and {h}.',
      ],
    ],
    [
      [
        '1.30 a.m. Went closer to {h} than is allowed.',
        '12.58 a.m. {O} came down after all, carrying {y}.',
        '1.11 a.m. Somebody has moved {y}.',
        '12.40 a.m. Sat down opposite {h}, with {y} between us.',
        '1.45 a.m. All doors locked. {H} on my side of them.',
      ],
      [
        '“They never told you that I talk,” {h} said. “They never told {o} either.”',
        'Saw #figure# standing where {o} should have been.',
        'Above {h}, #light#. “Do not be afraid,” said {h}, so I was.',
        '“You hold the lamp like {o},” said {h}.',
        'Gave {h} half of my tea. It was accepted, politely, by #figure#.',
      ],
      [
        'We talked until #hour# about {doing}, and why anybody would {do2}.',
        '{H} {h:has|have} had {n} watchmen before me, and {h:remembers|remember} what each one was frightened of.',
        'I asked what {they} wanted. “Somebody to write it down,” {they} said, after a while.',
        '{H} told me about {doing}, and what it was like {in} before there were watchmen.',
        'Told {h} about my mother. We were both quiet for {n} minutes.',
      ],
    ],
    [
      [
        '3.45 a.m. {H} {did2}.',
        '4 a.m. While I held the lamp, {h} {did2}.',
        '3.33 a.m. {O} and I saw it together: {h} {did2}.',
        '3.10 a.m. No mistake possible: {h} {did2}.',
        '2.55 a.m. {O} asleep. {H} {did2}, with a finger to the lips.',
      ],
      [
        'Did not raise the alarm. Did not want to, with {y} so near.',
        'The alarm was rung {in}, by nobody.',
        'For one minute every clock {in} agreed.',
        'Wanted to write that nothing happened. The pen would not, beside {y}.',
        'Heard {n} people clap. I am alone {in}.',
      ],
      [
        'Afterwards I touched {x}. Warm.',
        '{O} said a short prayer.',
        'I said thank you to {h}. It seemed the thing to say.',
        '{X} fell over and got up again.',
        'Shook hands with {h}. Cold, but a good grip.',
      ],
    ],
    [
      [
        '6 a.m. Grey light, rain, {h} quiet again.',
        '6.20 a.m. Relieved {in}, at last.',
        '5.55 a.m. First birds. {H} gone from sight, but not gone.',
        '6.05 a.m. The milk came. {H} had gone where {h} {h:goes|go} by day.',
        '5.40 a.m. Light under the door. {O} whistling somewhere.',
      ],
      [
        'To whoever is on tomorrow: bring two cups, one for {h}, and leave {x} alone.',
        'Found #keepsake# beside {y}. It has my initials.',
        'I have asked to stay on {in}. {O} {o:says|say} nobody ever has, except the one before {h}.',
        'Handed in the keys, kept #keepsake#, said good day to {h}.',
        'Damage: none. Missing: {y}. I know who has it.',
      ],
    ],
  ],
};
