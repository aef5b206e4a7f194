/** What is wrong with a page, and the line of its HTML, if it has one. */
export type Problem = { line?: number | undefined; text: string };

const MOST_PROBLEMS = 20;
const LONGEST_QUOTE = 60;

/** One sentence for each problem, in the order of the page, none twice. */
export function sentences(problems: readonly Problem[]): string[] {
  const placed = new Set(problems.flatMap(({ line, text }) => (line === undefined ? [] : [text])));
  const known = problems.filter(({ line, text }) => line !== undefined || !placed.has(text));
  const inOrder = known.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const all = [...new Set(inOrder.map(({ line, text }) => (line === undefined ? text : `Line ${line}: ${text}`)))];
  if (all.length <= MOST_PROBLEMS) return all;
  return [...all.slice(0, MOST_PROBLEMS), `There are ${all.length - MOST_PROBLEMS} more problems.`];
}

/** A piece of the page for a sentence: on one line, shortened. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}
