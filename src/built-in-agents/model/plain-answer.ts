/*
 * Models wrap what they are asked for: in fences, after their thoughts, or after a sentence about it. These functions also
 * take a text that is still being written: what they return then only grows.
 */

/** The text without the model's thoughts and without the fence around it. */
export function plainText(raw: string): string {
  const answer = withoutThoughts(raw).trimStart();
  if (!answer.startsWith('`')) return withoutOpenFence(answer).trimEnd();
  const [, body] = /^```[^\n`]*\n([\s\S]*)$/.exec(answer) ?? [];
  return body === undefined ? '' : withoutOpenFence(body).trimEnd();
}

/** A fence at the end may belong to the text or close it; that shows when the text is complete. */
function withoutOpenFence(text: string): string {
  return text.replace(/\n`{1,3}\s*$/, '');
}

function withoutThoughts(raw: string): string {
  const end = /<\/think(?:ing)?>/.exec(raw);
  if (end !== null) return raw.slice(end.index + end[0].length);
  const text = raw.trimStart();
  const isThinking = text.startsWith('<think') || (text !== '' && '<think'.startsWith(text));
  return isThinking ? '' : raw;
}

/** The JSON object in an answer; undefined when there is none. */
export function jsonIn(raw: string): unknown {
  const text = withoutThoughts(raw);
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

/** The HTML file in an answer, from its doctype to its end; null when there is none. */
export function htmlIn(raw: string): string | null {
  const text = withoutThoughts(raw);
  const start = /<!doctype html|<html[\s>]/i.exec(text)?.index;
  if (start === undefined) return null;
  const end = text.toLowerCase().lastIndexOf('</html>');
  return end < start ? text.slice(start).replace(/\n```\s*$/, '') : `${text.slice(start, end)}</html>\n`;
}
