import type { Form } from './form.ts';

/** A tale told to a child who interrupts. */
export const BEDTIME: Form = {
  name: 'a tale before sleep',
  paragraphs: [
    [
      [
        '“Tell me about {h} again,” said the child {in}.',
        '“Not the one with the wolf. The one about {h}.”',
        'Every child {in} knows how it begins: with {h}, and with the light out.',
      ],
      [
        '“Once, {h} {did}.”',
        '“Well. When {o} {o:was|were} small, {h} {did}.”',
        '“You remember,” said the grandmother, “that {h} {did}.”',
      ],
      [
        '“Why?” “Because nobody else would {do}.”',
        '“{o:Was|Were} {o} afraid?” “{O} {o:was|were} asleep. That is how it always starts.”',
        '“And {x}?” “Exactly where you see {x} now.”',
      ],
    ],
    [
      [
        '“It was a night when #weather#, and {h} had a visitor.”',
        '“But then {x} disappeared.”',
        '“Now came the night of #sound#.”',
      ],
      [
        '“It was #figure#, who wanted {x}.”',
        '“{O} went to look, by #light#, and found {h} instead.”',
        '“{H} counted to {n}, the way you do when you cannot sleep.”',
      ],
      [
        '“Do the voice,” said the child. So she did the voice of {h}.',
        'The child held on to {y}.',
        '“I would have run,” the child said. “{H} had nowhere to run {in}.”',
        'The window shook. It was #sound#, or the wind, or {o}.',
      ],
    ],
    [
      [
        'The grandmother lowered her voice, in case {o} {o:was|were} listening.',
        'She moved {y} a little nearer to the lamp.',
        'Downstairs a clock struck {n}, and {h} {was} not yet saved.',
      ],
      ['“What did {they} do?”', '“And did {h} hide?”', '“Skip to where {h} {h:is|are} brave.”'],
      [
        '“{H} {did2}.”',
        '“{H} stood up, quite small, and {did2}.”',
        '“This is the part. With {y} in one hand and {o} behind {them}, {h} {did2}.”',
      ],
      [
        '“And the dark was so surprised that it let go of {x}.”',
        '“And whatever had come for {o} sat down beside {x}, and cried a little.”',
        '“The dark had never met anyone like {h}. It did not know where to put its hands.”',
      ],
    ],
    [
      [
        '“{h:Is|Are} {h} dead now?”',
        '“That is not the end. What about {h}?”',
        'The child was nearly asleep. “Where {h:is|are} {h} now?”',
      ],
      [
        '“{H} {h:is|are} only {doing2}, somewhere near, where it is quiet.”',
        '“Ask {h} tonight, when {o} {o:has|have} gone.”',
        '“You have #keepsake# under your pillow. Where do you think it came from?”',
      ],
    ],
    [
      [
        'She put out the lamp {in} and listened.',
        'When the child slept, {o} closed the book.',
        'The smell of #smell# came up the stairs.',
      ],
      [
        'In the corner, {h} breathed out. “You left out my favourite part,” {they} whispered.',
        'There were two shadows on the bed. One of them, {h}, tucked the other in.',
        '“Thank you,” said {h}, and {was} careful not to wake anyone.',
      ],
    ],
  ],
};
