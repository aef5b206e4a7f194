import { z } from 'zod';
import { invalidInput } from '../orchestrator/errors.ts';

/**
 * An instant as a client wrote it. A scalar does not know the name of the argument it is for, so what is malformed is
 * handed on, and the types make the resolver refuse it by name.
 */
export type InstantInput = Date | 'malformed';

const instant = z.iso
  .datetime({ precision: 3 })
  // Postgres knows no year 0.
  .refine((text) => !text.startsWith('0000'))
  .transform((text) => new Date(text));

/** Exactly what the API itself writes: `2026-11-22T14:34:00.000Z`, a day that exists, of the years 1 to 9999. */
export function parseInstant(written: unknown): InstantInput {
  const parsed = instant.safeParse(written);
  return parsed.success ? parsed.data : 'malformed';
}

/**
 * The instant of an argument; null counts as absent.
 * @throws {RequestError} INVALID_INPUT naming the field
 */
export function instantArg(field: string, input: InstantInput | null | undefined): Date | undefined {
  if (input === 'malformed') {
    throw invalidInput(field, 'must be an instant in UTC with milliseconds, such as 2026-11-22T14:34:00.000Z');
  }
  return input ?? undefined;
}
