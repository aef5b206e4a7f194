import { z } from 'zod';

/** Longest reason that is shown, in characters. */
const MAX_LENGTH = 200;
/** A word that shows the ends of something: `sk-12****89`, `sk-12...89`. */
const MASKED = /([\w-]{0,200})(?:\*{2,200}|\.{3}|…)([\w-]{0,200})/g;
/** A run of this many characters that also stands in the prompt counts as a part of it. */
const QUOTE_LENGTH = 24;

const errorBody = z.looseObject({
  error: z.union([z.string(), z.looseObject({ message: z.string().optional() })]).optional(),
  message: z.string().optional(),
  detail: z.union([z.string(), z.array(z.looseObject({ msg: z.string().optional() }))]).optional(),
});

/**
 * Why a server refused, from its body: one line, without the key or its ends. A reason that quotes the prompt, as servers that
 * validate a request do, is left out: the prompt must not appear in logs.
 */
export function reasonIn(body: string, hidden: { apiKey: string | null; prompt: string }): string {
  const text = messageIn(body)
    .replace(/\p{Cc}+|\s+/gu, ' ')
    .trim();
  const characters = [...(hidden.apiKey === null ? text : withoutKey(text, hidden.apiKey))];
  const reason =
    characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : characters.join('');
  return quotes(reason, hidden.prompt) ? '' : reason;
}

/** The reason after a colon; nothing if there is none. */
export const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

function withoutKey(text: string, key: string): string {
  return text.replaceAll(key, '***').replace(MASKED, (word, start: string, end: string) => {
    const isKey = `${start}${end}` !== '' && key.startsWith(start) && key.endsWith(end);
    return isKey ? '***' : word;
  });
}

function messageIn(body: string): string {
  const parsed = errorBody.safeParse(parseJson(body));
  if (!parsed.success) return /^\s*[<{[]/.test(body) ? '' : body;
  const { error, message, detail } = parsed.data;
  const nested = typeof error === 'string' ? error : error?.message;
  const details = typeof detail === 'string' ? detail : detail?.map(({ msg }) => msg ?? '').join('; ');
  return nested ?? message ?? details ?? '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function quotes(reason: string, prompt: string): boolean {
  const plain = prompt.replace(/\p{Cc}+|\s+/gu, ' ');
  for (let start = 0; start + QUOTE_LENGTH <= reason.length; start += 1) {
    if (plain.includes(reason.slice(start, start + QUOTE_LENGTH))) return true;
  }
  return false;
}
