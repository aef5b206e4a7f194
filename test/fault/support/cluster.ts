import { test as base } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../../support/agents/scripted-agents.ts';
import { query } from '../../support/clients/graphql-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/test-database.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { startRedis, type TestRedis } from '../../support/redis/test-redis.ts';
import { waitFor } from '../../support/wait-for.ts';

export type WorkflowRef = { id: string; roomId: string };

/** Real processes of one service, over a database and a Redis that no other test uses. */
export type Cluster = {
  database: TestDatabase;
  redis: TestRedis;
  agents: ScriptedAgents;
  /** Starts one more process; with `ROLE: 'worker'` it has no API. */
  spawn(env?: Record<string, string>): Promise<ServiceProcess>;
  /** The processes that are running. */
  processes: Set<ServiceProcess>;
};

/** Short waits. The exact schedule is tested by `test/unit/orchestrator/domain/chain.test.ts`. */
const SHORT_WAITS = {
  RETRY_INITIAL_DELAY_MS: '100',
  RETRY_MAX_DELAY_MS: '1000',
  MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0',
};

export const test = base.extend<{ cluster: Cluster }>({
  cluster: async ({}, use) => {
    const [database, redis, agents] = await Promise.all([
      createTestDatabase(),
      startRedis({ own: true }),
      startScriptedAgents(),
    ]);
    const processes = new Set<ServiceProcess>();
    await use({
      database,
      redis,
      agents,
      processes,
      async spawn(env = {}) {
        const service = await startService({
          DATABASE_URL: database.url,
          REDIS_URL: redis.url,
          LOG_LEVEL: 'warn',
          ...SHORT_WAITS,
          ...agentUrls(agents.urls),
          ...env,
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

/** Starts a workflow. Repeats the request under the same key until a process answers, so one workflow is started at most. */
export async function startWorkflow(url: () => string, idempotencyKey: string, roomId?: string): Promise<WorkflowRef> {
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
