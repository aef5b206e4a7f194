import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from './client.ts';
import { signingKeys } from './tables.ts';

const KEY_BYTES = 32;

/** The key with this name, the same in every process. Deleting its row revokes what it signed, from the next start on. */
export async function signingKey(db: Db, name: string): Promise<Uint8Array> {
  await db
    .insert(signingKeys)
    .values({ name, key: randomBytes(KEY_BYTES) })
    .onConflictDoNothing();
  const [row] = await db.select({ key: signingKeys.key }).from(signingKeys).where(eq(signingKeys.name, name));
  if (row === undefined) throw new Error(`signing key ${name} was deleted while it was being created`);
  return row.key;
}
