import { pick, type Random } from '../../seeded-random.ts';

/** A sentence of the story with a gap, and words to fill it with. */
export type Question = { text: string; options: string[]; answer: string };

/** Up to four questions about a story in any language; fewer than three if it is too short. */
export function questionsOf(story: string, language: string, random: Random): Question[] {
  const locale = language === 'und' ? 'en' : language;
  const sentences = [...new Intl.Segmenter(locale, { granularity: 'sentence' }).segment(story.slice(0, 8_000))].map(
    ({ segment }) => segment.trim(),
  );
  const longWords = (text: string) =>
    [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)]
      .filter(
        ({ segment, isWordLike }) => isWordLike && [...segment].length >= (/[\u3040-\u9fff]/.test(segment) ? 2 : 5),
      )
      .map(({ segment }) => segment);
  const all = [...new Set(longWords(story.slice(0, 8_000)))];
  if (all.length < 8) return [];
  const fitting = sentences.filter((text) => text.length > 12 && text.length < 260 && longWords(text).length > 0);
  const asked = new Set<string>();
  const questions: Question[] = [];
  for (let tries = 0; tries < 40 && questions.length < 4 && fitting.length > 0; tries += 1) {
    const text = pick(random, fitting);
    const answer = pick(random, longWords(text));
    if (asked.has(text)) continue;
    asked.add(text);
    const others = new Set<string>();
    for (let more = 0; more < 30 && others.size < 2; more += 1) {
      const other = pick(random, all);
      if (other.toLowerCase() !== answer.toLowerCase() && !text.includes(other)) others.add(other);
    }
    const options = [answer, ...others].toSorted((one, other) => one.localeCompare(other, locale));
    if (options.length === 3) questions.push({ text: text.replaceAll(answer, '____'), options, answer });
  }
  return questions.length >= 3 ? questions : [];
}
