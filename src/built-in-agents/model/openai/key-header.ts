import { createHash } from 'node:crypto';

/** Of the body, too: the same key with another body is another request. */
export function keyHeader(key: string | null, body: object): Record<string, string> {
  if (key === null) return {};
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16);
  return { 'Idempotency-Key': `${key}:${digest}` };
}
