/** How the prose refers to somebody or something. */
export type Pronouns = { they: string; them: string; their: string };

export const IT: Pronouns = { they: 'it', them: 'it', their: 'its' };
export const THEY: Pronouns = { they: 'they', them: 'them', their: 'their' };
const SHE: Pronouns = { they: 'she', them: 'her', their: 'her' };
const HE: Pronouns = { they: 'he', them: 'him', their: 'his' };

const WOMEN =
  /\b(?:girl|woman|lady|mother|grandmother|grandma|granny|mum|mom|niece|goddess|aunt|sister|daughter|wife|widow|nun|queen|princess|witch|bride|actress|mermaid|duchess|maid)\b/i;
const MEN =
  /\b(?:boy|man|father|grandfather|grandpa|dad|nephew|uncle|brother|son|husband|widower|monk|king|prince|priest|wizard|lord|butler|mailman|fisherman|dracula)\b/i;
const BEINGS =
  /\b(?:vampires?|robots?|ghosts?|cats?|dogs?|parrots?|dragons?|wolf|wolves|owls?|foxe?s?|sailors?|pirates?|captains?|cashiers?|player|teacher|child|children|astronauts?|zombies?|skeletons?|clown|doll|snakes?|sailor|soldier|nurse|doctor|guard|driver|baker|writer|painter|king|crew|twins|neighbou?rs?|strangers?|friends?|owners?|patients?|nurses?|mayor|president|knight|jester|hamsters?|dolphins?|whales?|bears?|lions?|tigers?|monkeys?|frogs?|rabbits?|mouse|mice|octopus|bees?|butterfly|butterflies|sharks?|unicorns?|dinosaurs?|penguins?|spiders?|ravens?|crows?|horses?|monsters?|aliens?|angel|devil|people|\w+(?:keeper|maker|man|men|woman|women|smith|monger|ist|ian))\b/i;

/** Of these it is not known whether they are women or men. */
const ROLES =
  /\b(?:cashiers?|player|teacher|child|astronaut|soldier|nurse|doctor|guard|driver|baker|writer|painter|friend|stranger|neighbou?r|owner|patient|mayor|president|knight|jester|landlord|detective|sailor|captain|\w+(?:keeper|maker|monger|smith|ist|ian))$/i;

/** Whether a noun phrase names somebody who can answer. */
export const isBeing = (phrase: string): boolean => WOMEN.test(phrase) || MEN.test(phrase) || BEINGS.test(phrase);

/**
 * @param gender what the parser knows of a proper name
 * @param clause what the idea says of them: “her stolen parrot” tells who searches for it
 */
export function pronounsOf(phrase: string, isPlural: boolean, gender: 'f' | 'm' | null, clause: string): Pronouns {
  if (isPlural) return THEY;
  if (gender === 'f' || WOMEN.test(phrase)) return SHE;
  if (gender === 'm' || MEN.test(phrase)) return HE;
  if (/\b(?:her|herself)\b/i.test(clause)) return SHE;
  if (/\b(?:his|himself)\b/i.test(clause)) return HE;
  // Of somebody with a name it is not known.
  return /^\p{Lu}/u.test(phrase) || ROLES.test(phrase) ? THEY : IT;
}
