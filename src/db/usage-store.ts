import type { ReadSpentUsd, SaveUsage } from '../orchestrator/ports/usage.ts';
import type { Db } from './client.ts';
import { usages } from './tables.ts';

/** What calls have consumed. */
export function createUsageStore(db: Db): { saveUsage: SaveUsage; readSpentUsd: ReadSpentUsd } {
  const client = db.$client;
  return {
    async saveUsage({ workflowId, agent, number: leaseNumber }, attempt, total, knownCostUsd) {
      const consumed = { ...total, knownCostUsd };
      await db
        .insert(usages)
        .values({ workflowId, agent, leaseNumber, attempt, ...consumed })
        .onConflictDoUpdate({ target: [usages.workflowId, usages.agent, usages.leaseNumber], set: consumed });
    },
    async readSpentUsd(workflowId) {
      const [row] = await client<{ spent: number }[]>`
        select coalesce(sum(known_cost_usd), 0)::float as spent from usages where workflow_id = ${workflowId}`;
      return row?.spent ?? 0;
    },
  };
}
