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
        '“Which one tonight?” “The one with {h} and {x}.”',
        '{In} no light goes out before {h} {h:has|have} been told of.',
      ],
      [
        '“Once, {h} {did}.”',
        '“Well. When {o} {o:was|were} small, {h} {did}.”',
        '“You remember,” said the grandmother, “that {h} {did}.”',
        '“There was a time, before {x}, when {h} {did}.”',
        '“It begins as it always does: {h} {did}.”',
      ],
      [
        '“Why?” “Because nobody else would {do}.”',
        '“{o:Was|Were} {o} afraid?” “{O} {o:was|were} asleep. That is how it always starts.”',
        '“And {x}?” “Exactly where you see {x} now.”',
        '“And nobody stopped {them}?” “{O} tried. You know {o}.”',
        '“Who saw it?” “{O} did, and {y}.”',
      ],
    ],
    [
      [
        '“It was a night when #weather#, and {h} had a visitor.”',
        '“But then {x} disappeared.”',
        '“Now came the night of #sound#.”',
        '“One evening there was #sound#, just outside {in2}.”',
        '“Nobody {in} had ever shut a door on {h}, until then.”',
      ],
      [
        '“It was #figure#, who wanted {x}.”',
        '“{O} went to look, by #light#, and found {h} instead.”',
        '“{H} counted to {n}, the way you do when you cannot sleep.”',
        '“Somebody had left #keepsake# where {x} used to be.”',
        '“Then {o} whispered: do not look at {y}. So of course {h} looked.”',
      ],
      [
        '“Do the voice,” said the child. So she did the voice of {h}.',
        'The child held on to {y}.',
        '“I would have run,” the child said. “{H} had nowhere to run {in}.”',
        'The window shook. It was #sound#, or the wind, or {o}.',
        '“Is this where {o} {o:comes|come} in?” “Not yet. Hush.”',
        'The child asked for a drink of water, and for {h}, in that order.',
      ],
    ],
    [
      [
        'The grandmother lowered her voice, in case {o} {o:was|were} listening.',
        'She moved {y} a little nearer to the lamp.',
        'Downstairs a clock struck {n}, and {h} {was} not yet saved.',
        'She always stopped here, and looked at {y}, and the child always begged.',
        'Something scratched at the shutter: {o}, perhaps.',
      ],
      [
        '“What did {they} do?”',
        '“And did {h} hide?”',
        '“Skip to where {h} {h:is|are} brave.”',
        '“Tell me that {h} won.”',
        '“Who helped {them}?” “Nobody. Not even {o}.”',
      ],
      [
        '“{H} {did2}.”',
        '“{H} stood up, quite small, and {did2}.”',
        '“This is the part. With {y} in one hand and {o} behind {them}, {h} {did2}.”',
        '“What {h} did? Listen. {H} {did2}.”',
        '“Then, without a word to {o}, {h} {did2}.”',
      ],
      [
        '“And the dark was so surprised that it let go of {x}.”',
        '“And whatever had come for {o} sat down beside {x}, and cried a little.”',
        '“The dark had never met anyone like {h}. It did not know where to put its hands.”',
        '“{X} shone like a spoon, and {o} saw that it was only the dark, and shy.”',
        '“So {n} shadows got up, one after another, and said sorry to {h}.”',
      ],
    ],
    [
      [
        '“{h:Is|Are} {h} dead now?”',
        '“That is not the end. What about {h}?”',
        'The child was nearly asleep. “Where {h:is|are} {h} now?”',
        '“Is it true about {h}?”',
        '“Will {h} come here as well, {in}?”',
      ],
      [
        '“{H} {h:is|are} only {doing2}, somewhere near, where it is quiet.”',
        '“Ask {h} tonight, when {o} {o:has|have} gone.”',
        '“You have #keepsake# under your pillow. Where do you think it came from?”',
        '“Look behind {x}, but knock first.”',
        '“Well, somebody has to {do2} at night. Sleep.”',
      ],
    ],
    [
      [
        'She put out the lamp {in} and listened.',
        'When the child slept, {o} closed the book.',
        'The smell of #smell# came up the stairs.',
        '“Good night,” said the child to {x}, to {y} and to {h}.',
        'She counted to {n}, closed the door and stood still.',
      ],
      [
        'In the corner, {h} breathed out. “You left out my favourite part,” {they} whispered.',
        'There were two shadows on the bed. One of them, {h}, tucked the other in.',
        '“Thank you,” said {h}, and {was} careful not to wake anyone.',
        'Something patted the blanket straight. It was {h}, or it was #figure#.',
        '“Again tomorrow?” asked the dark, in the voice of {h}.',
      ],
    ],
  ],
};
