import { type DefaultTreeAdapterTypes, type ErrorCodes, html as names, type ParserError, parse } from 'parse5';
import type { Problem } from './problem.ts';

export type Attribute = { name: string; value: string };
export type Element = { tag: string; line: number; attributes: readonly Attribute[]; text: string };

export type Markup = {
  /** All elements, in the order of the page. */
  elements: readonly Element[];
  problems: readonly Problem[];
};

/** What the parser repairs silently and what a person would see. Everything else that it reports does no harm. */
const HARMFUL: Partial<Record<ErrorCodes | string, string>> = {
  'missing-doctype': 'The page does not begin with <!doctype html>.',
  'eof-in-tag': 'The page ends in the middle of a tag: it is cut off.',
  'eof-in-comment': 'A comment has no end (-->).',
  'end-tag-without-matching-open-element': 'An end tag closes nothing.',
  'closing-of-element-with-open-child-elements': 'An end tag closes an element that has open elements inside.',
  'missing-end-tag-name': 'An end tag has no name.',
};

/** HTML allows these to have no end tag. */
const MAY_STAY_OPEN = new Set(
  'html head body p li dt dd rb rt rtc rp optgroup option colgroup caption thead tbody tfoot tr td th'.split(' '),
);
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const SHOWN = new Set(
  'canvas svg img video audio button input select textarea table hr math meter progress'.split(' '),
);

/** Parses a page as browsers do, and finds what they would have to guess. */
export function readMarkup(html: string): Markup {
  const errors: ParserError[] = [];
  const document = parse(html, { sourceCodeLocationInfo: true, onParseError: (error) => errors.push(error) });
  const problems: Problem[] = errors.flatMap(({ code, startLine }) => {
    const text = HARMFUL[code];
    return text === undefined ? [] : [{ line: code === 'missing-doctype' ? undefined : startLine, text }];
  });
  const elements: Element[] = [];
  let bodyHasContent = false;
  const open: { node: DefaultTreeAdapterTypes.Node; inBody: boolean; inSvg: boolean }[] = [
    { node: document, inBody: false, inSvg: false },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, inSvg } = next;
    let { inBody } = next;
    if (node.nodeName === '#text' && 'value' in node && inBody && node.value.trim() !== '') bodyHasContent = true;
    let foreign = inSvg;
    if ('tagName' in node) {
      const element = elementOf(node);
      const location = node.sourceCodeLocation;
      elements.push(element);
      foreign = node.namespaceURI !== names.NS.HTML;
      if (location && !location.endTag && !foreign && !MAY_STAY_OPEN.has(element.tag) && !VOID.has(element.tag)) {
        problems.push({ line: element.line, text: `<${element.tag}> is not closed.` });
      }
      if (inBody && SHOWN.has(element.tag)) bodyHasContent = true;
      inBody = (inBody || element.tag === 'body') && !['script', 'style', 'template', 'noscript'].includes(element.tag);
    }
    const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : [];
    for (const child of children.toReversed()) open.push({ node: child, inBody, inSvg: foreign });
  }
  const title = elements.find(({ tag }) => tag === 'title');
  if (title === undefined || title.text.trim() === '') problems.push({ text: 'The page has no <title> with text.' });
  if (!bodyHasContent && !elements.some(({ tag }) => tag === 'script')) {
    problems.push({ text: 'The <body> shows nothing.' });
  }
  return { elements, problems };
}

function elementOf(node: DefaultTreeAdapterTypes.Element): Element {
  const text = node.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  return {
    tag: node.tagName,
    line: node.sourceCodeLocation?.startLine ?? 0,
    attributes: node.attrs.map(({ name, value, prefix }) => ({ name: prefix ? `${prefix}:${name}` : name, value })),
    text,
  };
}

export const attributeOf = (element: Element, name: string): string | undefined =>
  element.attributes.find((attribute) => attribute.name === name)?.value;
