/** Something that is drawn because the story mentions it. */
type Motif = { name: MotifName; keywords: RegExp };

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

/** In order of precedence among motifs that are mentioned equally often. */
const MOTIFS: readonly Motif[] = [
  { name: 'lighthouse', keywords: /\b(?:lighthouses?|beacons?)\b/gi },
  { name: 'ship', keywords: /\b(?:ships?|boats?|ferry|ferryman|sailors?|pirates?|captain|crew|submarine|oars)\b/gi },
  { name: 'train', keywords: /\b(?:trains?|subway|metro|tram|railway|station|platform)\b/gi },
  { name: 'castle', keywords: /\b(?:castle|tower|king|queen|knights?|dragons?|mansion|palace)\b/gi },
  { name: 'church', keywords: /\b(?:church|chapel|monastery|cathedral|priest|nuns?|bell ringer)\b/gi },
  {
    name: 'skyline',
    keywords: /\b(?:city|street|office|hospital|computers?|robots?|neon|server|hotel|factory|ai)\b/gi,
  },
  {
    name: 'house',
    keywords: /\b(?:house|home|inn|cottage|cabin|attic|library|school|museum|bakery|theat(?:re|er))\b/gi,
  },
  { name: 'graves', keywords: /\b(?:graves?|graveyard|cemetery|tombs?|churchyard|dead|skeletons?|zombies?)\b/gi },
  { name: 'trees', keywords: /\b(?:forest|woods?|trees?|garden|orchard|jungle|wolf|wolves|owls?|witch)\b/gi },
  { name: 'cat', keywords: /\b(?:cats?|kittens?)\b/gi },
];

/** Up to `most` motifs of the text, the most often mentioned first. */
export function motifsOf(text: string, most: number): MotifName[] {
  return MOTIFS.map(({ name, keywords }) => ({ name, hits: [...text.matchAll(keywords)].length }))
    .filter(({ hits }) => hits > 0)
    .sort((one, other) => other.hits - one.hits)
    .slice(0, most)
    .map(({ name }) => name);
}
