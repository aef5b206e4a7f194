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
      ],
      [
        'I will begin with {x}, because {o} began there too.',
        'It was {o} who sent for me, and who would not look at {x}.',
        'All I brought with me was {x}, and I have not let go of it since.',
      ],
      [
        'By the second evening I understood: {h} {did}, and nobody dared to watch.',
        'They told me at the door that {h} {did}. I laughed.',
        'Before supper, {h} {did}; after supper, we all pretended otherwise.',
      ],
    ],
    [
      ['I asked {o} how long it had gone on.', 'Naturally I put the question to {o}.', '“Since when?” I asked {o}.'],
      [
        '“It happens when #weather#,” came the reply, “and {h} will not stop for you.”',
        '“You cannot keep {h} from {doing},” {o} said. “We tried with {x}. We tried with prayer.”',
        '{O} held up {n} fingers, one for every winter, and then pointed at {h}.',
      ],
      ['I wrote that down, and the lamp burned lower.', 'Outside, #weather#.', 'I did not believe {o}. I do now.'],
      [
        'We listened. There was #sound#, then {h}, then nothing.',
        'Somewhere above {x} I heard #sound#.',
        'At that, #light# appeared behind {h}.',
      ],
    ],
    [
      [
        'On the last night I sat up with {y} on my knees.',
        'So I hid beside {y} and waited for {h}.',
        'I laid {y} across the door and did not sleep.',
      ],
      [
        'At last {h} {did2}, and I saw the reason.',
        'Close to, {h} {was} not terrible at all. {They} {did2}, that was all, as gently as one closes a book.',
        'At #hour# {h} {did2}, and looked round to see whether I minded.',
      ],
      [
        '{O} wept. I did not, until {h} thanked me by name.',
        'Neither {o} nor I had ever asked {h} whether {they} wanted company.',
        'I saw #figure# bow to {o}, and both of them bow to {h}.',
      ],
    ],
    [
      [
        'I have left {x} where I found it.',
        'I enclose #keepsake#; {o} said it belonged to {h}.',
        'Keep {x} dry, and do not lend it to {o}.',
      ],
      [
        'If you come {in}, come after dark and knock {n} times for {h}.',
        'Send no answer. Nobody but {h} opens the post {in}.',
        'You will say that I imagined {h}. Then tell me who is dictating this.',
      ],
    ],
  ],
};
