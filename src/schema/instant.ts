import { z } from 'zod';
import { invalidInput } from '../orchestrator/request-error.ts';

/**
 * An instant sent by a client. A scalar does not know the name of its argument, so it passes malformed input on, and
 * the types force the resolver to reject it by name.
 */
export type InstantInput = Date | 'malformed';

const instant = z.iso
  .datetime({ precision: 3 })
  // Postgres has no year 0.
  .refine((text) => !text.startsWith('0000'))
  .transform((text) => new Date(text));

/** Accepts only the format that the API itself writes: `2026-11-22T14:34:00.000Z`, an existing day, years 1 to 9999. */
export function parseInstant(written: unknown): InstantInput {
  const parsed = instant.safeParse(written);
  return parsed.success ? parsed.data : 'malformed';
}

/**
 * The instant of an argument; null counts as absent.
 * @throws {RequestError} INVALID_INPUT with the name of the argument
 */
export function instantArg(field: string, input: InstantInput | null | undefined): Date | undefined {
  if (input === 'malformed') {
    throw invalidInput(field, 'must be a time in UTC with milliseconds, such as 2026-11-22T14:34:00.000Z');
  }
  return input ?? undefined;
}
