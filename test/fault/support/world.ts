import { test as base } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { query } from '../../support/clients/graphql-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

export type Workflow = { id: string; roomId: string };

/** Real processes of one service over a PostgreSQL and a Redis of their own. */
export type World = {
  database: TestDatabase;
  redis: TestRedis;
  agents: ScriptedAgents;
  /** One more process; with `ROLE: 'worker'` it serves nobody. */
  spawn(env?: Record<string, string>): Promise<ServiceProcess>;
  /** All that were spawned and live. */
  processes: Set<ServiceProcess>;
};

/** Short waits; the exact schedule is a law of the pure chain. */
const QUICK = { RETRY_INITIAL_DELAY_MS: '100', RETRY_MAX_DELAY_MS: '1000', MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0' };

export const test = base.extend<{ world: World }>({
  world: async ({}, use) => {
    const [database, redis, agents] = await Promise.all([
      createTestDatabase(),
      startRedis({ own: true }),
      startScriptedAgents(),
    ]);
    const processes = new Set<ServiceProcess>();
    await use({
      ...{ database, redis, agents, processes },
      async spawn(env = {}) {
        const service = await startService({
          ...{ DATABASE_URL: database.url, REDIS_URL: redis.url },
          ...{ LOG_LEVEL: 'warn', ...QUICK, ...agentUrls(agents.urls), ...env },
        });
        processes.add(service);
        return {
          ...service,
          async stop(signal) {
            processes.delete(service);
            return await service.stop(signal);
          },
        };
      },
    });
    await Promise.all([...processes].map((service) => service.stop('SIGKILL')));
    await agents.close();
    await redis.stop();
    await database.drop();
  },
});

const START = `mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id } room { id } } }`;

/** Asks again when the process died under the question, under the same key: one workflow, whatever happens. */
export async function start(url: () => string, idempotencyKey: string, roomId?: string): Promise<Workflow> {
  const input = { userInput: `a lamp, ${idempotencyKey}`, idempotencyKey, ...(roomId === undefined ? {} : { roomId }) };
  return await waitFor(
    'a workflow to start',
    async () => {
      const { data } = await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(
        url(),
        START,
        { input },
      ).catch(() => ({ data: null }));
      return data ? { id: data.startWorkflow.workflow.id, roomId: data.startWorkflow.room.id } : undefined;
    },
    120_000,
  );
}
