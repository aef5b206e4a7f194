import { Script } from 'node:vm';
import { unescapeMarkup } from '../markup.ts';

/** Matches attributes only: quotation marks in text are escaped. */
const loadsByMarkup = /\b(?:(?:src|href|action)="(?!data:)|style="[^"]*url\()/;
const loadsByStyle = /@import|url\((?!"data:)/;

/** Elements without an end tag. */
const VOID = new Set(['meta', 'link', 'img', 'br', 'hr', 'input']);

/**
 * Describes what is wrong with a page; empty if it will work where it is published. Checks that its elements are closed
 * in order, that its scripts parse, that it loads no external resource, and that it contains every paragraph.
 */
export function pageProblems(html: string, paragraphs: readonly string[]): string[] {
  const inside = (element: string) =>
    [...html.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'))].map(([, source = '']) => source);
  const markup = html.replace(/(<(script|style)>)[\s\S]*?<\/\2>/g, '$1</$2>');
  const text = unescapeMarkup(markup.replace(/<[^>]*>/g, ''));
  return [
    ...unclosed(markup),
    ...inside('script').flatMap(syntaxProblem),
    ...(loadsByMarkup.test(markup) || inside('style').some((style) => loadsByStyle.test(style))
      ? ['it loads an external resource']
      : []),
    ...paragraphs.filter((paragraph) => !text.includes(paragraph)).map(() => 'a paragraph is missing'),
  ];
}

function unclosed(markup: string): string[] {
  const open: string[] = [];
  for (const [, end, name = '', rest = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/gi)) {
    if (end === '/') {
      if (open.pop() !== name) return [`</${name}> closes nothing`];
    } else if (!VOID.has(name) && !rest.endsWith('/')) {
      open.push(name);
    }
  }
  return open.map((name) => `<${name}> is not closed`);
}

function syntaxProblem(source: string): string[] {
  try {
    // Parses the script without running it.
    new Script(source);
    return [];
  } catch (error) {
    return [`a script does not parse: ${String(error)}`];
  }
}
