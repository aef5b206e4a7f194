import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from './client.ts';
import { signingKeys } from './tables.ts';

const KEY_BYTES = 32;

/** The key of this name, the same in every process; deleting its row revokes what it signed, at the next start. */
export async function signingKey(db: Db, name: string): Promise<Uint8Array> {
  await db
    .insert(signingKeys)
    .values({ name, key: randomBytes(KEY_BYTES) })
    .onConflictDoNothing();
  const [row] = await db.select({ key: signingKeys.key }).from(signingKeys).where(eq(signingKeys.name, name));
  if (row === undefined) throw new Error(`the signing key ${name} was deleted while it was being made`);
  return row.key;
}
