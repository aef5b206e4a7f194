import { eq, ne } from 'drizzle-orm';
import type { ContentStore } from '../orchestrator/ports/content.ts';
import type { Db } from './client.ts';
import { contents } from './tables.ts';

/** What the built-in agents publish, in Postgres, so that any process can serve it. */
export function createContentStore(db: Db): ContentStore {
  return {
    async put(cid, { contentType, bytes }) {
      const content = { contentType, bytes };
      // Under a CID the bytes are always the same, and nothing is written.
      await db
        .insert(contents)
        .values({ cid, ...content })
        .onConflictDoUpdate({ target: contents.cid, set: content, setWhere: ne(contents.bytes, bytes) });
    },
    async get(cid) {
      const [found] = await db
        .select({ contentType: contents.contentType, bytes: contents.bytes })
        .from(contents)
        .where(eq(contents.cid, cid));
      return found ?? null;
    },
  };
}
