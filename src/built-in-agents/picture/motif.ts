/** Something that can stand in the picture because the story speaks of it. */
export type Motif = { name: MotifName; signs: RegExp };

export type MotifName =
  | 'lighthouse'
  | 'ship'
  | 'train'
  | 'church'
  | 'castle'
  | 'house'
  | 'skyline'
  | 'trees'
  | 'graves'
  | 'cat';

/** In this order, when a text speaks of several equally often. */
const MOTIFS: readonly Motif[] = [
  { name: 'lighthouse', signs: /\b(?:lighthouses?|beacons?)\b/gi },
  { name: 'ship', signs: /\b(?:ships?|boats?|ferry|ferryman|sailors?|pirates?|captain|crew|submarine|oars)\b/gi },
  { name: 'train', signs: /\b(?:trains?|subway|metro|tram|railway|station|platform)\b/gi },
  { name: 'castle', signs: /\b(?:castle|tower|king|queen|knights?|dragons?|mansion|palace)\b/gi },
  { name: 'church', signs: /\b(?:church|chapel|monastery|cathedral|priest|nuns?|bell ringer)\b/gi },
  { name: 'skyline', signs: /\b(?:city|street|office|hospital|computers?|robots?|neon|server|hotel|factory|ai)\b/gi },
  { name: 'house', signs: /\b(?:house|home|inn|cottage|cabin|attic|library|school|museum|bakery|theat(?:re|er))\b/gi },
  { name: 'graves', signs: /\b(?:graves?|graveyard|cemetery|tombs?|churchyard|dead|skeletons?|zombies?)\b/gi },
  { name: 'trees', signs: /\b(?:forest|woods?|trees?|garden|orchard|jungle|wolf|wolves|owls?|witch)\b/gi },
  { name: 'cat', signs: /\b(?:cats?|kittens?)\b/gi },
];

/** Up to `most` motifs of the text, those it speaks of most often first. */
export function motifsOf(text: string, most: number): MotifName[] {
  return MOTIFS.map(({ name, signs }) => ({ name, hits: [...text.matchAll(signs)].length }))
    .filter(({ hits }) => hits > 0)
    .sort((one, other) => other.hits - one.hits)
    .slice(0, most)
    .map(({ name }) => name);
}
