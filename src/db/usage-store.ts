import type { ReadSpentUsd, SaveUsage } from '../orchestrator/ports/usage.ts';
import type { Db } from './client.ts';
import { usages } from './tables.ts';

/** What calls have consumed. */
export function createUsageStore(db: Db): { saveUsage: SaveUsage; readSpentUsd: ReadSpentUsd } {
  const client = db.$client;
  return {
    async saveUsage({ workflowId, agent, number: leaseNumber }, attempt, total) {
      await db
        .insert(usages)
        .values({ workflowId, agent, leaseNumber, attempt, ...total })
        .onConflictDoUpdate({ target: [usages.workflowId, usages.agent, usages.leaseNumber], set: total });
    },
    async readSpentUsd(workflowId) {
      const [row] = await client<{ spent: number }[]>`
        select coalesce(sum(cost_usd), 0)::float as spent from usages where workflow_id = ${workflowId}`;
      return row?.spent ?? 0;
    },
  };
}
