import { Script } from 'node:vm';

/** In markup of ours; in anybody's text a quotation mark is escaped. */
const loadsByMarkup = /\b(?:(?:src|href|action)="(?!data:)|style="[^"]*url\()/;
const loadsByStyle = /@import|url\(/;

/** Elements that HTML never closes. */
const VOID = new Set(['meta', 'link', 'img', 'br', 'hr', 'input']);

/**
 * What is wrong with a page, in words; nothing when it will work where it is published. Checks that its elements close
 * in order, that its scripts parse, that it asks the network for nothing, and that every paragraph can be read on it.
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
      ? ['it loads something']
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
    // Parsed, never run.
    new Script(source);
    return [];
  } catch (error) {
    return [`a script does not parse: ${String(error)}`];
  }
}

function unescapeMarkup(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_entity, name: string) => characters[name] ?? '');
}
