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
        '{In}, anybody could hear how {h} {did}; nobody was ever charged for it.',
        'Nobody had asked {h} to begin, but {h} {did}.',
      ],
      [
        '{O} called it a waste of candles.',
        'People set their watches by {them}, {o} included.',
        'Only {o} ever stayed to the end.',
        '{O} brought a chair and {y}, and made an evening of it.',
        '{O} {o:was|were} proud of {h}, and told {x} so.',
      ],
    ],
    [
      [
        '{In}, the stranger came on a night when #weather#.',
        'Then a man with a ledger asked for {h}.',
        'On the last #ride# came a buyer, with #figure# to carry the bag.',
        'Then there was a knock, and a buyer, with #keepsake# for a card.',
        '{N} knocks: a gentleman to see {h}. Outside, #weather#.',
      ],
      [
        '“I hear that you are good at {doing},” he said. “I will give you {x} for it.”',
        '“Name a price,” he said. “I have {x}. I have {n} years of somebody’s life, hardly used.”',
        '“{X}, for {doing},” he said, “and for the habit of it.”',
        '“They speak of {doing} as far as the coast,” he said. “{X} now, and {n} more on delivery.”',
        '“I collect such things,” he said. “{Doing}, for instance. Would {x} be enough?”',
      ],
      [
        '{O} pulled {h} by the sleeve.',
        'Somewhere {in}, #sound#.',
        '{H} looked at {x} for a long time.',
        '{O} hid {y} behind the door.',
        'Then #sound#, and {h} drew nearer to {o}.',
      ],
    ],
    [
      [
        '“And what would be left of me?” asked {h}.',
        '“And who would {do} then?” said {h}.',
        '“What would I become?” said {h}.',
        '“And {o}?” said {h}. “What does the paper say of {o}?”',
        '“Where would you keep me?” asked {h}.',
      ],
      [
        '“Peace,” said the stranger. “You would sleep. {O} would sleep.”',
        'He turned a page. “There are {n} of you in here. They all asked that.”',
        '“You would have a page of your own,” the stranger said, and his smile smelt of #smell#.',
        '“Between {y} and the others,” said the stranger. “It is dry there.”',
        '“Look at me,” he said. “I used to {do2}, before I signed. I hardly miss it.”',
      ],
      [
        'He unscrewed his pen.',
        '{O} whispered: “Ask about the others.”',
        'Outside, {x} had begun to shake.',
        '{Y} slid across the table by itself.',
        'Somewhere {in} a dog said no.',
      ],
      [
        'The pen weighed more than {y}.',
        'By #light# the contract had no last line.',
        '{O} blew out the lamp, but it made no difference to {h}.',
        '{O} read the small print aloud: it was the name of {h}, {n} times.',
        'The candle leaned away from {h} and towards {x}.',
      ],
    ],
    [
      [
        'What happened next took one breath: {h} {did2}.',
        'Instead of signing, {h} {did2}.',
        '“Then watch,” said {h}. And {h} {did2}, as if the room were empty.',
        '{H} put down the pen and {did2}.',
        'What {o} {o:remembers|remember} is this: {h} {did2}.',
      ],
      [
        'The ledger shut like a mouth.',
        'The stranger reached for {y}, and found that {o} had taken it.',
        'For the first time in {n} years, the stranger forgot the way out.',
        'Somewhere in his bag, {n} small voices cheered for {h}.',
        'He looked at {x}, then at {o}, and sat down.',
      ],
      [
        'He tried to write down how {h} {did2}. The ink ran back into the pen.',
        'He had no number for that.',
        '“That,” he said at last, “I cannot carry.”',
        '“Keep it,” he said to {h}. “Keep {x} as well.”',
        'He bowed to {h} and then, lower, to {o}.',
      ],
    ],
    [
      [
        'He left before #hour#, without {x}.',
        'All he carried off was #keepsake#, and {o} let him.',
        'They heard him walk away, counting, and losing count.',
        'Before it was light he had gone from {in2}, and {x} had not.',
        'He forgot #keepsake# on the chair, and never sent for it.',
      ],
      [
        '{H} {h:has|have} never looked for him since.',
        '{O} {o:has|have} learned to {do}, badly. {H} never {h:corrects|correct} it.',
        'If he comes to you, ask him about {h}, and see him look at his shoes.',
        'Nobody {in} has been asked for a price since.',
        'The very next night {h} {did} again, for {o}, for nothing.',
      ],
    ],
  ],
};
