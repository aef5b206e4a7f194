import { STATUS_CODES } from 'node:http';
import { isObject } from './agent-json.ts';
import { excerpt } from './failures.ts';

/**
 * Fields that give a reason, in the order in which they are shown: ours first, then those of FastAPI, problem+json
 * (RFC 9457), OAuth, JSON:API and web frameworks. Compared without case and underscores.
 */
const REASON_FIELDS = [
  'error',
  'title',
  'message',
  'msg',
  'detail',
  'description',
  'reason',
  'errordescription',
  'errormessage',
  'errors',
];
/** A `title` is a reason only in an error, and these show that it is one. */
const PROBLEM_FIELDS = ['type', 'status', 'detail', 'errors'];
const MAX_DEPTH = 5;

/** Why an agent refuses, from its JSON: one line of at most 200 characters; '' when it gives no reason. */
export function reasonIn(json: unknown): string {
  return excerpt(reason(json, MAX_DEPTH));
}

/** Enough of a page to find the reason in it. */
const PAGE_LENGTH = 64 * 1024;

/** Why an agent refuses, from text or HTML. */
export function reasonInText(text: string): string {
  return excerpt(/^\s*</.test(text) ? withoutMarkup(text.slice(0, PAGE_LENGTH)) : text);
}

function reason(value: unknown, depth: number): string {
  if (typeof value === 'string') return value.trim();
  if (depth === 0) return '';
  if (Array.isArray(value))
    return joined(
      value.map((item) => reason(item, depth - 1)),
      '; ',
    );
  return isObject(value) ? reasonOfObject(value, depth) : '';
}

function reasonOfObject(object: Record<string, unknown>, depth: number): string {
  const fields = new Map(
    Object.entries(object).map(([name, value]) => [name.toLowerCase().replaceAll('_', ''), value]),
  );
  const isProblem = PROBLEM_FIELDS.some((name) => fields.has(name));
  const parts = REASON_FIELDS.filter((name) => name !== 'title' || isProblem).map((name) => {
    const value = fields.get(name);
    return reason(value, depth - 1) || (name === 'errors' ? reasonsByField(value, depth - 1) : '');
  });
  // `Bad Request` beside the reason only repeats the status.
  const said = parts.filter((part) => !Object.values(STATUS_CODES).includes(part));
  const text = joined(said.some((part) => part !== '') ? said : parts, ': ');
  const location = fields.get('loc');
  return Array.isArray(location) && text !== '' ? `${location.join('.')}: ${text}` : text;
}

/** Rails, Laravel and ASP.NET list the reasons by the names of the fields. */
function reasonsByField(value: unknown, depth: number): string {
  if (!isObject(value)) return '';
  const reasons = Object.entries(value).map(([name, inner]) => {
    const text = reason(inner, depth - 1);
    return text && `${name}: ${text}`;
  });
  return joined(reasons, '; ');
}

function joined(parts: readonly string[], separator: string): string {
  return [...new Set(parts)]
    .filter((part) => part !== '')
    .map((part, index, all) => (index === all.length - 1 ? part : part + (/[.!?:;]$/.test(part) ? ' ' : separator)))
    .join('');
}

/** The ones that frameworks write. */
const ENTITIES: Record<string, string> = {
  '&nbsp;': ' ',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

/** The title and the text of a page, without scripts and styles. */
function withoutMarkup(html: string): string {
  const [, title = ''] = /<title[^<>]*>([^<]*)/i.exec(html) ?? [];
  const text = html
    .replace(/<!--[\s\S]*?(?:-->|$)|<(script|style|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const heading = title.trim();
  const page = text.startsWith(heading) ? text : joined([heading, text], ': ');
  return page.replace(/&(?:#39|[a-z]+);/g, (entity) => ENTITIES[entity] ?? entity);
}
