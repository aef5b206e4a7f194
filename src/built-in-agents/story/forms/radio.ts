import type { Form } from './form.ts';

/** A call to a late programme. */
export const RADIO: Form = {
  name: 'a call to the night programme',
  paragraphs: [
    [
      [
        '“You are on the air, whoever you are.”',
        '“Night line. Who is there?”',
        '“It is #hour#, the lines are open, and we have a caller.”',
      ],
      [
        '“From {in2},” said the voice. “It is about {h}.”',
        '“I am {in},” said the voice, “beside {h}.”',
        '“I live {in} with {h},” somebody whispered.',
      ],
    ],
    [
      ['After {n} years of nights I sat up.', 'The engineer took off one headphone.', 'On the line {o} coughed.'],
      ['“Go on.”', '“And what {h:does|do} {h} do?”', '“Is it true, about {h}?”'],
      [
        '“Last night {h} {did}. Tonight I brought {x}.”',
        '“Well, {h} {did}, and {o} fainted.”',
        '“Only half of it. {H} {did}, and then looked at {x}.”',
      ],
      [
        'Far off, #sound#.',
        'A noise on the line: {x}, being put down.',
        'The needle jumped. “That was {x},” the caller said.',
      ],
    ],
    [
      ['“Are you alone?” I asked.', '“Is anybody with you?”', '“Who else is {in}?” I asked.'],
      [
        '“{O}, holding {y}; we shut the door. {H} {h:uses|use} another one.”',
        '“There is #figure#. And {h} {h:has|have} just turned round.”',
        '“Only {h}, and {o}, who cannot stop shaking.”',
      ],
      [
        '“Put {h} on,” I said.',
        'We had {n} callers waiting. All of them hung up, except {o}.',
        'Our clock stopped. So did {x}.',
      ],
    ],
    [
      [
        'A breath, then {h}.',
        'The next voice was {h}.',
        '“Good evening,” said {h}, in a voice like #smell#.',
        '“Is this thing on?” asked {h}, very near.',
      ],
      [
        '“I listen every night, while {doing},” {they} said.',
        '“Would you play something slow? I mean to {do2}, and {o} {o:is|are} nervous.”',
        '“I {do2} whenever #weather#. Tell {o}.”',
      ],
      [
        'I put on a record. Beneath it {h} {did2}.',
        'In the glass of the studio stood #light#, and behind it {h}.',
        'For {n} minutes there was only {h}, breathing, and {o}, not breathing.',
      ],
    ],
    [
      [
        '{O} rang off, and {h} stayed on the line.',
        'There was a click. {Y}, I think, or {o}.',
        'The caller never rang again, but {h} {h:does|do}.',
        '“That will be all,” said {h}, and gave the receiver back to {o}.',
        'At six the cleaner found #keepsake# on my desk, and {y} beside it.',
      ],
      [
        'When a telephone rings {in}, say hello to {h}, and do not mention {y}.',
        'After the news, once more: {h}.',
        'Nobody believes the recording. One hears my questions and, under them, {h}.',
      ],
    ],
  ],
};
