import { z } from 'zod';
import { invalidInput } from './request-error.ts';

/* Validation of user input. Each parser throws INVALID_INPUT with the name of the field and the reason. */

const wellFormed = (text: string) => text.isWellFormed() && !text.includes('\u0000');
const UNICODE = 'must be valid Unicode without NUL';

const userInput = z
  .string()
  .refine(wellFormed, UNICODE)
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => [...text].length <= 10_000, 'must be at most 10,000 characters');
const title = z
  .string()
  .refine(wellFormed, UNICODE)
  .trim()
  .min(1, 'must not be empty; omit it for a room without a title')
  .refine((text) => [...text].length <= 200, 'must be at most 200 characters');
const idempotencyKey = z
  .string()
  .refine(wellFormed, UNICODE)
  .min(1, 'must not be empty; omit it to send no key')
  .max(255, 'must be at most 255 characters');

const language = z.string().transform((tag, context) => {
  try {
    const [canonical] = tag.length <= 35 ? Intl.getCanonicalLocales(tag) : [];
    if (canonical !== undefined) return canonical;
  } catch {
    // Thrown for a tag that is not well-formed.
  }
  context.addIssue('must be a language tag (BCP 47) of at most 35 characters, such as en, pt-BR or zh-Hant');
  return z.NEVER;
});
const MAX_VARIATION = 2 ** 31 - 1;
const variation = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(MAX_VARIATION, `must be at most ${MAX_VARIATION.toLocaleString('en')}`);

const DAY_S = 24 * 60 * 60;
const ttl = z
  .int('must be a whole number of seconds')
  .min(1, 'must be at least 1 second')
  .max(DAY_S, 'must be at most 86,400 seconds (one day)');

function parserOf<T>(field: string, schema: z.ZodType<T, T>): (value: T) => T {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw invalidInput(field, parsed.error.issues[0]?.message ?? 'is invalid');
    return parsed.data;
  };
}

/** A number of items, from 1 to `max`. */
export function count(max: number) {
  const message = `must be from 1 to ${max.toLocaleString('en')}`;
  return z.int('must be a whole number').min(1, message).max(max, message);
}

/** For arguments that are validated together: the error names the argument that is wrong. */
export function parserOfAll<S extends z.ZodType>(schema: S): (values: z.input<S>) => z.output<S> {
  return (values) => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw invalidInput(String(issue?.path[0] ?? 'input'), issue?.message ?? 'is invalid');
  };
}

/** 1 to 10,000 characters after trimming. */
export const parseUserInput = parserOf('userInput', userInput);
/** 1 to 200 characters after trimming. */
export const parseTitle = parserOf('title', title);
/** 1 to 255 characters, unchanged. */
export const parseIdempotencyKey = parserOf('idempotencyKey', idempotencyKey);
/** A BCP 47 tag, in its canonical form: `EN-us` becomes `en-US`. */
export const parseLanguage = parserOf('language', language);
/** 0 to 2,147,483,647. */
export const parseVariation = parserOf('variation', variation);
/** 1 to 86,400 seconds. */
export const parseTtl = parserOf('ttl', ttl);
