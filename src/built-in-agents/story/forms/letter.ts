import type { Form } from './form.ts';

/** A letter from somebody who was there. */
export const LETTER: Form = {
  name: 'a letter',
  paragraphs: [
    [
      [
        'You asked me what I saw {in}.',
        'Forgive the handwriting; {in} the ink has started to freeze.',
        'Burn this once you know about {h}.',
        'You will want to know how things stand {in}. Sit down first.',
        'By the time this reaches you, {h} may have reached you too.',
      ],
      [
        'I will begin with {x}, because {o} began there too.',
        'It was {o} who sent for me, and who would not look at {x}.',
        'All I brought with me was {x}, and I have not let go of it since.',
        '{O} met me at the gate with {x} and no greeting.',
        'They gave me a room, a candle, and {x} to hold; {o} would not say why.',
      ],
      [
        'By the second evening I understood: {h} {did}, and nobody dared to watch.',
        'They told me at the door that {h} {did}. I laughed.',
        'Before supper, {h} {did}; after supper, we all pretended otherwise.',
        'What is said of {h} is true. {H} {did}, and the milk turned.',
        'I had been here an hour when {h} {did}.',
      ],
    ],
    [
      [
        'I asked {o} how long it had gone on.',
        'Naturally I put the question to {o}.',
        '“Since when?” I asked {o}.',
        '“Does nobody mind?” I asked {o}.',
        '{O} had been waiting for me to ask.',
      ],
      [
        '“It happens when #weather#,” came the reply, “and {h} will not stop for you.”',
        '“You cannot keep {h} from {doing},” {o} said. “We tried with {x}. We tried with prayer.”',
        '{O} held up {n} fingers, one for every winter, and then pointed at {h}.',
        '“{N} years of it,” {o} said. “One gets used to {doing}.”',
        '{O} turned {y} over, looked underneath and said: “Ask {h} yourself.”',
      ],
      [
        'I wrote that down, and the lamp burned lower.',
        'Outside, #weather#.',
        'I did not believe {o}. I do now.',
        'I laughed, and was sorry at once, because of {h}.',
        'Nobody else {in} would talk to me after that.',
      ],
      [
        'We listened. There was #sound#, then {h}, then nothing.',
        'Somewhere above {x} I heard #sound#.',
        'At that, #light# appeared behind {h}.',
        'That night {x} felt warm, and from the wall came #sound#.',
        'Through the keyhole I saw #figure#, and behind it {h}.',
      ],
    ],
    [
      [
        'On the last night I sat up with {y} on my knees.',
        'So I hid beside {y} and waited for {h}.',
        'I laid {y} across the door and did not sleep.',
        'I had {n} matches and {y}, and no plan.',
        'When {o} slept at last, I took {y} and went to see.',
      ],
      [
        'At last {h} {did2}, and I saw the reason.',
        'Close to, {h} {was} not terrible at all. {They} {did2}, that was all, as gently as one closes a book.',
        'At #hour# {h} {did2}, and looked round to see whether I minded.',
        'I shall put it plainly: {h} {did2}. I saw it by #light#.',
        'There, quite alone, {h} {did2}.',
      ],
      [
        '{O} wept. I did not, until {h} thanked me by name.',
        'Neither {o} nor I had ever asked {h} whether {they} wanted company.',
        'I saw #figure# bow to {o}, and both of them bow to {h}.',
        'I gave {h} my coat. {O} will be cross.',
        '“You are late,” said {h} to me. “{O} {o:was|were} late too.”',
      ],
    ],
    [
      [
        'I have left {x} where I found it.',
        'I enclose #keepsake#; {o} said it belonged to {h}.',
        'Keep {x} dry, and do not lend it to {o}.',
        '{O} {o:sends|send} regards, and would like {x} back.',
        'With this you will find {x}, wrapped twice.',
      ],
      [
        'If you are ever {in}, wait for the dark and knock {n} times for {h}.',
        'Send no answer. Nobody but {h} opens the post {in}.',
        'You will say that I imagined {h}. Then tell me who is dictating this.',
        'I am staying {in}. Somebody must be here when {h} {h:wakes|wake}.',
        'Write soon, and address it to {h}.',
      ],
    ],
  ],
};
