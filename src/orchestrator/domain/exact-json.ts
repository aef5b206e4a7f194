declare global {
  /** Part of ECMAScript, in every Node that this package runs on; TypeScript does not declare it yet. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/** A number by its digits, which JSON.stringify writes unchanged. */
export type RawNumber = { readonly rawJSON: string };

/**
 * JSON.parse, except that JSON.stringify returns every number as it was: one that JavaScript would write as another
 * number (12345678901234567890, 1e400, -0) becomes a RawNumber. 1.10 and 1e2 are the numbers 1.1 and 100.
 * @throws {RangeError} for JSON with such a number that is nested some thousands of levels deep
 */
export function parseExactly(text: string): unknown {
  return changesNumber(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/**
 * The number, if JavaScript can hold it and only writes it in another way: -0, and 0.10000000000000001 as C prints 0.1.
 */
export function toNumber(raw: RawNumber): number | RawNumber {
  const value = Number(raw.rawJSON);
  if (!Number.isFinite(value)) return raw;
  const isHeld = decimal(raw.rawJSON) === (Object.is(value, -0) ? '-0' : decimal(value.toPrecision(17)));
  return isHeld ? value : raw;
}

/** Spares most texts the reviver, which is slow. May be true for a text with digits inside a string. */
function changesNumber(text: string): boolean {
  // Most texts have none, and this finds that out fastest.
  if (text.search(LONG_NUMBERS) === -1) return false;
  for (const [, number = ''] of text.matchAll(LONG_NUMBERS)) if (!isSameNumber(number, Number(number))) return true;
  return false;
}

/** Numbers with an exponent, negative zeros and at least 15 digits: JavaScript writes all others as they were. */
const LONG_NUMBERS = /(?:^|[:,[\s])(-0[\d.eE+-]*|-?[\d.]{16}[\d.eE+-]*|-?\d[\d.]*[eE][\d+-]+)/g;

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return isSameNumber(source, value) ? value : JSON.rawJSON(source);
}

/** Whether JSON.stringify writes the value as the number that was read. */
function isSameNumber(source: string, value: number): boolean {
  const written = JSON.stringify(value);
  return source === written || (Number.isFinite(value) && decimal(source) === decimal(written));
}

/** Equal for all spellings of a number: its sign, its digits without zeros at either end, and its power of ten. */
function decimal(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return `${sign}0`;
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
