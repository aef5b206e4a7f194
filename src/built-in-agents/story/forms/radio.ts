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
        '“You have the night programme, and very little else. Speak.”',
        '“Line {n}, you are through.”',
      ],
      [
        '“From {in2},” said the voice. “It is about {h}.”',
        '“I am {in},” said the voice, “beside {h}.”',
        '“I live {in} with {h},” somebody whispered.',
        '“I should not be talking to you {in}. {H} can hear.”',
        '“I want to report {h},” a voice said. “I am ringing from {in2}.”',
      ],
    ],
    [
      [
        'After {n} years of nights I sat up.',
        'The engineer took off one headphone.',
        'On the line {o} coughed.',
        'I turned down the music. Beside the caller, {o} sneezed.',
        'There are calls that one does not cut off.',
      ],
      [
        '“Go on.”',
        '“And what {h:does|do} {h} do?”',
        '“Is it true, about {h}?”',
        '“What has {h} done?”',
        '“Take your time, and begin with {h}.”',
      ],
      [
        '“Last night {h} {did}. Tonight I brought {x}.”',
        '“Well, {h} {did}, and {o} fainted.”',
        '“Only half of it. {H} {did}, and then looked at {x}.”',
        '“Nothing bad. {H} {did}. But you should have seen {o}.”',
        '“I was looking for {x} when {h} {did}.”',
      ],
      [
        'Far off, #sound#.',
        'A noise on the line: {x}, being put down.',
        'The needle jumped. “That was {x},” the caller said.',
        'Rain in the wire, or {o} crying.',
        'The red lamp over the door went out and came on again: #sound#.',
      ],
    ],
    [
      [
        '“Are you alone?” I asked.',
        '“Is anybody with you?”',
        '“Who else is {in}?” I asked.',
        '“Are the doors locked {in}?”',
        '“And {o}, where {o:is|are} {o} now?”',
      ],
      [
        '“{O}, holding {y}; we shut the door. {H} {h:uses|use} another one.”',
        '“There is #figure#. And {h} {h:has|have} just turned round.”',
        '“Only {h}, and {o}, who cannot stop shaking.”',
        '“Under the table with {y}. {H} {h:has|have} the chair.”',
        '“{O} went to fetch #keepsake#, and came back without a hat.”',
      ],
      [
        '“Put {h} on,” I said.',
        'We had {n} callers waiting. All of them hung up, except {o}.',
        'Our clock stopped. So did {x}.',
        'The producer held up a card: keep {h} talking.',
        '{N} listeners rang to say that they had heard {x}.',
      ],
    ],
    [
      [
        'A breath, then {h}.',
        'The next voice was {h}.',
        '“Good evening,” said {h}, in a voice like #smell#.',
        '“Is this thing on?” asked {h}, very near.',
        'I did not ask who it was. It was {h}.',
        'Somebody took the receiver from {o}. Somebody breathed: {h}.',
      ],
      [
        '“I listen every night, while {doing},” {they} said.',
        '“Would you play something slow? I mean to {do2}, and {o} {o:is|are} nervous.”',
        '“I {do2} whenever #weather#. Tell {o}.”',
        '“They leave you on, {in}, so that I do not {do} alone,” said {h}.',
        '“Is it wrong to {do2}?” asked {h}. “{O} never told me.”',
      ],
      [
        'I put on a record. Beneath it {h} {did2}.',
        'In the glass of the studio stood #light#, and behind it {h}.',
        'For {n} minutes there was only {h}, breathing, and {o}, not breathing.',
        'I said what one says. {H} {did2}; you can hear it on the tape.',
        'We played the slow one. Nobody {in} turned it off, not even {o}.',
      ],
    ],
    [
      [
        '{O} rang off, and {h} stayed on the line.',
        'There was a click. {Y}, I think, or {o}.',
        'The caller never rang again, but {h} {h:does|do}.',
        '“That will be all,” said {h}, and gave the receiver back to {o}.',
        'At six the cleaner found #keepsake# on my desk, and {y} beside it.',
        '“Same time tomorrow,” said {h}, and {o} hung up.',
        'The line went dead at #hour#, between two words about {x}.',
      ],
      [
        'When a telephone rings {in}, say hello to {h}, and do not mention {y}.',
        'After the news, once more: {h}.',
        'Nobody believes the recording. One hears my questions and, under them, {h}.',
        'Since then we leave line {n} free for {h}.',
        'If your set crackles {in}, that is not the weather. That is {h}.',
      ],
    ],
  ],
};
