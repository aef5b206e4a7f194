import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { AGENT_NAMES } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from '../support/agents/scripted-agents.ts';
import { stream } from '../support/agents/scripted-answers.ts';
import { query } from '../support/clients/graphql-clients.ts';
import { startPgBouncer } from '../support/databases/pgbouncer.ts';
import type { TestDatabase } from '../support/databases/test-database.ts';
import { createTestRole } from '../support/databases/test-role.ts';
import { test } from '../support/engine/fixtures.ts';
import { agentUrls, startService } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';

const START = `mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id } room { id } } }`;
type Started = { startWorkflow: { workflow: { id: string } } };

/** Starts workflows at one time; each calls four agents that send lines. @returns their ids */
async function startAtOnce(url: string, count: number): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => query<Started>(url, START, { input: { userInput: `lamp ${index}` } })),
  );
  return answers.map((answer) => {
    expect(answer).toMatchObject({ data: { startWorkflow: { workflow: { id: expect.any(String) } } } });
    return answer.data?.startWorkflow.workflow.id ?? '';
  });
}

/** Reads readiness until `done`. @returns what it was when it was not 200 */
async function watchReadiness(url: string, done: Promise<unknown>): Promise<string[]> {
  const failures: string[] = [];
  let isDone = false;
  void done.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const response = await fetch(new URL('/health/ready', url));
    if (response.status !== 200) failures.push(await response.text());
    await sleep(100);
  }
  return failures;
}

const pooled = (settings: Record<string, string | number>) => async (database: TestDatabase) => {
  const pooler = await startPgBouncer(database.url, { pool_mode: 'session', ...settings });
  return { url: pooler.url, stop: pooler.stop };
};

const limitedRole = async (database: TestDatabase) => {
  const role = await createTestRole(database, { attributes: 'connection limit 5' });
  return { url: role.url, stop: role.drop };
};

const SCARCE = [
  [
    'a PgBouncer in session mode that lets clients wait for its 2 connections',
    pooled({ default_pool_size: 2 }),
    /1 of 20 connections \(no answer within 5 s of connecting\)/,
  ],
  [
    'a PgBouncer that refuses the seventh client',
    pooled({ max_client_conn: 6 }),
    /of 20 connections \(no more connections allowed \(max_client_conn\)\)/,
  ],
  ['a role with CONNECTION LIMIT 5', limitedRole, /4 of 20 connections \(too many connections for role \S+\)/],
] as const;

test.for(SCARCE)(
  'sixty simultaneous starts are answered and run with %s',
  async ([, open, message], { database, agents, rows }) => {
    for (const agent of AGENT_NAMES) {
      agents.script[agent] = () => stream([{ log: 'begins' }, { log: 'ends' }, { result: GOOD_ANSWERS[agent] }]);
    }
    const server = await open(database);
    const service = await startService({
      DATABASE_URL: server.url,
      DATABASE_POOL_SIZE: '20',
      MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0',
      ...agentUrls(agents.urls),
    });
    try {
      const ended = (async () => {
        for (const id of await startAtOnce(service.graphqlUrl, 60)) {
          expect((await rows.ended(id)).status).toBe('succeeded');
        }
      })();
      expect(await watchReadiness(service.graphqlUrl, ended)).toEqual([]);
      await ended;
      await waitFor('the report', () => message.test(service.output()));
      expect(service.output()).not.toContain('heartbeat');
      expect(service.output().match(/DATABASE_POOL_SIZE/g)).toHaveLength(1);
    } finally {
      await service.stop();
      await server.stop();
    }
  },
);
