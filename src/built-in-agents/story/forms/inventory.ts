import type { Form } from './form.ts';

/** The catalogue of an auction. */
export const INVENTORY: Form = {
  name: 'the catalogue of an auction',
  paragraphs: [
    [
      [
        'To be sold by candle {in}, without reserve: all that {h} left behind.',
        'Sale by order of {o}. Viewing {in}, from dusk.',
        'These lots come from one room {in}. The owner, {h}, has not been told.',
      ],
    ],
    [
      [
        'Lot 1. {X}. Some wear, from {doing}.',
        'Lot 1. {X}, believed to be the very one. {H} never let it out of sight.',
        'Lot 1. {X}. Still warm, and {h} {h:has|have} not been near for {n} years.',
      ],
      [
        'Bidding was slow. Outside, #weather#.',
        'A lady in the front row asked {o} whether it was safe.',
        'The porter would not lift it without saying the name of {h}.',
      ],
      ['With it, #keepsake#.', 'A label in the hand of {o} says “not yet”.', 'Estimate: one good memory.'],
    ],
    [
      [
        'Lot 2. {Y}, in perfect order, which is the difficulty.',
        'Lot 2. {Y}. Best kept away from {h} whenever #weather#.',
        'Lot 2. {Y}. {O} {o:has|have} tried to give it away {n} times.',
      ],
      [
        'When it is moved, one hears #sound#.',
        'Bidders are advised that {h} may bid too.',
        'Sold together with #light#, as neither will be parted.',
      ],
    ],
    [
      [
        'Lot 3. An account of how {h} {did}, on {n} loose pages.',
        'Lot 3. Photograph, {in}: {h} and {o}, out of focus. On the back: “{h} {did}”.',
        'Lot 3. The chair from which {o} watched. From it, on a clear night, one saw that {h} {did}.',
      ],
      [
        'The last page is blank and still wet.',
        'Anyone who holds it will want to {do}. This passes.',
        'Smells of #smell#.',
      ],
    ],
    [
      [
        'At lot 4 the auctioneer stopped, because {h} had come in.',
        'Lot 4 was withdrawn. {H} stood beside it, with {x}.',
        'There is no lot 4. Where it should be, {h} {did2}, in front of everybody.',
      ],
      ['Nobody {in} breathed.', '{O} put down the hammer.', 'Behind {them}, #figure# removed its hat.'],
      [
        '“I should like to buy it all back,” said {h}. “I can pay with {doing2}.”',
        '“You kept {x},” {h} said to {o}. “I thought that nobody would.”',
        '{H} bid a whole night of {doing2}. No one went higher.',
      ],
    ],
    [
      [
        'Sold, to {h}. The hammer came down without a sound.',
        'All lots passed to {h}, for nothing, and {o} carried them home.',
        '“Going,” said {o}. “Gone,” said {h}, and smiled.',
        '{O} signed the receipt. {H} signed it too, in frost.',
      ],
      [
        'If you own anything that came from {in2}, look after it: {h} will call, now and then, to see how it is.',
        'The sale {in} is held every year now. {H} {h:opens|open} the doors.',
        'Please return this catalogue to {o}. If lot 4 has a picture by now, it is of {h}.',
      ],
    ],
  ],
};
