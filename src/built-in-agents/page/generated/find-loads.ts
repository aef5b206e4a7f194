import { type Problem, quote } from './problem.ts';
import type { Element } from './read-markup.ts';

/** The attributes by which an element loads something. `a` and `area` load only when a person clicks. */
const LOADING = new Set(
  'src srcset imagesrcset poster data background action formaction ping manifest codebase'.split(' '),
);
const FORBIDDEN: Record<string, string> = {
  iframe: 'shows another page, which the published page may not',
  frame: 'shows another page, which the published page may not',
  object: 'loads a document, which the published page may not',
  embed: 'loads a document, which the published page may not',
  base: 'changes where links lead, which the published page may not',
};

/** The styles of a page, in `<style>` and in attributes, and what its elements load from outside. */
export function findLoads(elements: readonly Element[]): Problem[] {
  return elements.flatMap((element) => {
    const { tag, line } = element;
    const forbidden = FORBIDDEN[tag];
    if (forbidden !== undefined) return [{ line, text: `<${tag}> ${forbidden}.` }];
    if (tag === 'style') return stylesheetLoads(element.text, line);
    const urls = element.attributes.flatMap(({ name, value }) => loadedBy(tag, name, value, element));
    return urls.map((url) => ({
      line,
      text: loadText(tag, url),
    }));
  });
}

export const loadText = (tag: string, url: string): string =>
  tag === 'form' || tag === 'button'
    ? `<${tag}> sends to ${quote(url)}, which the published page may not.`
    : `<${tag}> loads ${quote(url)} from outside. Everything has to be in the page itself, for example as a data: URL.`;

function loadedBy(tag: string, name: string, value: string, { attributes }: Element): string[] {
  if (name === 'style') return stylesheetUrls(value);
  if (name === 'srcset' || name === 'imagesrcset') {
    // A data: URL has a comma of its own, and no space.
    return value
      .split(/,\s+/)
      .map((part) => part.trim().split(/\s+/)[0] ?? '')
      .filter(isOutside);
  }
  if (name === 'ping' || name === 'action' || name === 'formaction') return /^\s*(#.*)?$/.test(value) ? [] : [value];
  if (LOADING.has(name)) return isOutside(value) ? [value] : [];
  if (name !== 'href' && name !== 'xlink:href') {
    const isRefresh =
      tag === 'meta' && name === 'content' && attributes.some((other) => other.value.toLowerCase() === 'refresh');
    return isRefresh ? [value] : [];
  }
  return tag === 'a' || tag === 'area' || !isOutside(value) ? [] : [value];
}

export const isOutside = (url: string) => !/^\s*(data:|blob:|about:blank|#|$)/i.test(url);

const stylesheetUrls = (css: string): string[] => {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, ' ');
  const urls = [...plain.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*))\s*\)/gi)];
  return urls.map(([, double, single, bare]) => double ?? single ?? bare ?? '').filter(isOutside);
};

/** What a stylesheet loads from outside; `firstLine` is the line at which it begins. */
function stylesheetLoads(css: string, firstLine: number): Problem[] {
  const lineOf = (part: string) => firstLine + css.slice(0, Math.max(0, css.indexOf(part))).split('\n').length - 1;
  const imports = /@import\b[^;]*/i.exec(css.replace(/\/\*[\s\S]*?\*\//g, ' '));
  return [
    ...(imports
      ? [
          {
            line: lineOf('@import'),
            text: `The style has ${quote(imports[0])}: it may load nothing from outside. Use fonts that every device has.`,
          },
        ]
      : []),
    ...stylesheetUrls(css.replace(/@import\b[^;]*/gi, '')).map((url) => ({
      line: lineOf(url),
      text: `The style loads ${quote(url)} from outside. Everything has to be in the page itself, for example as a data: URL.`,
    })),
  ];
}
