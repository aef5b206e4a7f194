import type { Form } from './form.ts';

/** Somebody comes to buy what is not for sale. */
export const BARGAIN: Form = {
  name: 'a bargain',
  paragraphs: [
    [
      [
        '{H} {did}. That was the whole trouble.',
        'Every night, {in}, {h} {did}, and it cost nobody anything.',
        'Long before the stranger came, {h} {did}.',
      ],
      [
        '{O} called it a waste of candles.',
        'People set their watches by {them}, {o} included.',
        'Only {o} ever stayed to the end.',
      ],
    ],
    [
      [
        'The stranger came {in} on a night when #weather#.',
        'Then a man with a ledger asked for {h}.',
        'On the last #ride# came a buyer, with #figure# to carry the bag.',
      ],
      [
        '“I hear that you are good at {doing},” he said. “I will give you {x} for it.”',
        '“Name a price,” he said. “I have {x}. I have {n} years of somebody’s life, hardly used.”',
        '“{X}, for {doing},” he said, “and for the habit of it.”',
      ],
      ['{O} pulled {h} by the sleeve.', 'Somewhere {in}, #sound#.', '{H} looked at {x} for a long time.'],
    ],
    [
      [
        '“And what would be left of me?” asked {h}.',
        '“And who would {do} then?” said {h}.',
        '“What would I become?” said {h}.',
      ],
      [
        '“Peace,” said the stranger. “You would sleep. {O} would sleep.”',
        'He turned a page. “There are {n} of you in here. They all asked that.”',
        '“You would have a page of your own,” the stranger said, and his smile smelt of #smell#.',
      ],
      ['He unscrewed his pen.', '{O} whispered: “Ask about the others.”', 'Outside, {x} had begun to shake.'],
      [
        'The pen weighed more than {y}.',
        'By #light# the contract had no last line.',
        '{O} blew out the lamp, but it made no difference to {h}.',
      ],
    ],
    [
      [
        'What happened next took one breath: {h} {did2}.',
        'Instead of signing, {h} {did2}.',
        '“Then watch,” said {h}. And {h} {did2}, as if the room were empty.',
      ],
      [
        'The ledger shut like a mouth.',
        'The stranger reached for {y}, and found that {o} had taken it.',
        'For the first time in {n} years, the stranger forgot the way out.',
      ],
      [
        'He tried to write down how {h} {did2}. The ink ran back into the pen.',
        'He had no number for that.',
        '“That,” he said at last, “I cannot carry.”',
      ],
    ],
    [
      [
        'He left before #hour#, without {x}.',
        'All he carried off was #keepsake#, and {o} let him.',
        'They heard him walk away, counting, and losing count.',
      ],
      [
        '{H} {h:has|have} never looked for him since.',
        '{O} {o:has|have} learned to {do}, badly. {H} never {h:corrects|correct} it.',
        'If he comes to you, ask him about {h}, and see him look at his shoes.',
      ],
    ],
  ],
};
