/**
 * A way of telling. Each paragraph is a list of sentences, each sentence a list of alternatives that all make sense
 * wherever the others are chosen. No sentence may depend on one that another alternative leaves out.
 *
 * Slots: {h} the hero, {H} at the beginning of a sentence, {they} {They} {them} {their}, {was} agrees with the hero;
 * {did} {do} {doing} what the hero does, {did2} {do2} {doing2} what else; {o} {O} the other one, {x} and {y} two things,
 * {in} where, {n} a number. #lists# come from the setting.
 */
export type Form = {
  name: string;
  paragraphs: readonly (readonly (readonly string[])[])[];
};
