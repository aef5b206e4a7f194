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
        'The contents of a house {in}, by order of the heirs. {H} {h:is|are} not among them.',
        'Tonight {in}: everything that {o} could carry out, and {h}, if asked nicely.',
      ],
    ],
    [
      [
        'Lot 1. {X}. Some wear, from {doing}.',
        'Lot 1. {X}, believed to be the very one. {H} never let it out of sight.',
        'Lot 1. {X}. Still warm, and {h} {h:has|have} not been near for {n} years.',
        'Lot 1. {X}. Nobody knows what {h} wanted with it.',
        'Lot 1. {X}, with the label still on: “{h}, personal”.',
      ],
      [
        'Bidding was slow. Outside, #weather#.',
        'A lady in the front row asked {o} whether it was safe.',
        'The porter would not lift it without saying the name of {h}.',
        '{O} bid at once, and then sat down, pale.',
        'Three people left the room {in} when it was held up.',
      ],
      [
        'With it, #keepsake#.',
        'A label in the hand of {o} says “not yet”.',
        'Estimate: one good memory.',
        'Comes with #keepsake# and no explanation.',
        'Not to be shown to {h} before it is paid for.',
      ],
    ],
    [
      [
        'Lot 2. {Y}, in perfect order, which is the difficulty.',
        'Lot 2. {Y}. Best kept away from {h} whenever #weather#.',
        'Lot 2. {Y}. {O} {o:has|have} tried to give it away {n} times.',
        'Lot 2. {Y}, found under {x}.',
        'Lot 2. {Y}. {H} wrote on the back, and {o} scratched it out.',
      ],
      [
        'When it is moved, one hears #sound#.',
        'Bidders are advised that {h} may bid too.',
        'Sold together with #light#, as neither will be parted.',
        'Whoever buys it should ask {o} about #hour#.',
        'It has been sold {n} times, and has always walked back to {in2}.',
      ],
    ],
    [
      [
        'Lot 3. An account of how {h} {did}, on {n} loose pages.',
        'Lot 3. Photograph, {in}: {h} and {o}, out of focus. On the back: “{h} {did}”.',
        'Lot 3. The chair from which {o} watched. From it, on a clear night, one saw that {h} {did}.',
        'Lot 3. A drawing by {o}: it shows how {h} {did}.',
        'Lot 3. {N} letters to {o}. Each tells how {h} {did}, and each is in another hand.',
      ],
      [
        'The last page is blank and still wet.',
        'Anyone who holds it will want to {do}. This passes.',
        'Smells of #smell#.',
        'The auctioneer read it twice and took off his glasses.',
        'It smells of #smell#, and a little of {h}.',
      ],
    ],
    [
      [
        'At lot 4 the auctioneer stopped, because {h} had come in.',
        'Lot 4 was withdrawn. {H} stood beside it, with {x}.',
        'There is no lot 4. Where it should be, {h} {did2}, in front of everybody.',
        'Lot 4 is {h}.',
        'At lot 4 a voice said: “Not that one.” It was {h}.',
      ],
      [
        'Nobody {in} breathed.',
        '{O} put down the hammer.',
        'Behind {them}, #figure# removed its hat.',
        '{O} turned the lamp to the wall.',
        'Somebody lifted {y}, as if to pay with it.',
      ],
      [
        '“I should like to buy it all back,” said {h}. “I can pay. I {do2} for a living.”',
        '“You kept {x},” {h} said to {o}. “I thought that nobody would.”',
        '{H} bid a whole night of {doing2}. No one went higher.',
        '“I only wanted to see who would come,” said {h}. Then {h} {did2}.',
        '“Is nobody going to bid?” asked {h}. {O} did, with {n} buttons.',
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
