import { validate } from 'uuid';
import type { RequestError } from '../../orchestrator/errors.ts';

/**
 * An id that may be one of ours. Anything else names nothing, which a client is told in the same words as of an id
 * that is another viewer's. An absent one stays absent.
 * @throws {RequestError} what `notFound` makes
 */
export function existingId<T extends string | null | undefined>(id: T, notFound: () => RequestError): T {
  if (typeof id === 'string' && !validate(id)) throw notFound();
  return id;
}
