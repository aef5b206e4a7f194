import { inArray, sql } from 'drizzle-orm';
import type { ContentReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { contents } from '../tables.ts';

/** What is published is public: it is served to everybody who knows its CID. */
export function createContentReads(db: Db): ContentReads {
  return {
    async describe(cids) {
      // An agent may answer with any text; nothing is stored here under one that is no CID.
      const possible = cids.filter((cid) => /^[a-zA-Z0-9]+$/.test(cid));
      if (possible.length === 0) return [];
      return db
        .select({
          cid: contents.cid,
          contentType: contents.contentType,
          bytes: sql<number>`octet_length(${contents.bytes})`,
        })
        .from(contents)
        .where(inArray(contents.cid, possible));
    },
  };
}
