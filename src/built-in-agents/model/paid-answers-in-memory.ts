import { LRUCache } from 'lru-cache';
import type { PaidAnswers } from '../../orchestrator/ports/paid-answers.ts';

const MAX_ANSWERS = 1_000;

/** Paid answers of one process, which are lost when it ends. */
export function paidAnswersInMemory(): PaidAnswers {
  const answers = new LRUCache<string, { json: string; isReported: boolean }>({ max: MAX_ANSWERS });
  const claims = new Set<string>();
  return {
    async claim(id) {
      const answer = answers.get(id);
      if (answer !== undefined) return { ...answer };
      if (claims.has(id)) return 'taken';
      claims.add(id);
      return 'claimed';
    },
    async renew() {},
    async save(id, json) {
      claims.delete(id);
      if (!answers.has(id)) answers.set(id, { json, isReported: false });
    },
    async release(id) {
      claims.delete(id);
    },
    async markReported(id) {
      const answer = answers.get(id);
      if (answer !== undefined) answer.isReported = true;
    },
    async forget(id) {
      answers.delete(id);
    },
  };
}
