import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { clusterIn } from '../../../src/embedded-postgres/cluster.ts';
import { readPidFile } from '../../../src/embedded-postgres/server-process.ts';
import { after, hang, json } from '../../support/agents/scripted-answers.ts';
import { collect, collectUntil, connectWs, dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { agentUrls, startService } from '../../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

const START = `mutation ($userInput: String!) {
  startWorkflow(input: { userInput: $userInput }) { workflow { id } room { id } logCursor }
}`;
const STATE = `query ($id: ID!) {
  workflow(id: $id) { status reward { amount } room { status } steps { agent status attempts { number } } }
  viewer { tokenBalance }
}`;
const LINES = `subscription ($roomId: ID!, $workflowId: ID!, $after: ID) {
  agentLogs(roomId: $roomId, workflowId: $workflowId, after: $after) { id seq message }
}`;

type Started = { startWorkflow: { workflow: { id: string }; room: { id: string } } };
type Line = { agentLogs: { id: string; seq: number; message: string } };

const test = base.extend<{ dataDir: string }>({
  dataDir: async ({}, use) => {
    const folder = await makeTemporaryFolder();
    const dataDir = join(folder, 'data');
    await use(dataDir);
    // What a failed test left running.
    const server = await readPidFile(clusterIn(dataDir).data);
    if (server !== null) process.kill(server.pid, 'SIGINT');
    await rm(folder, { recursive: true, force: true });
  },
});

describe('kill -9 in the middle of a workflow', () => {
  test('after kill -9 the next start resumes the workflow, and a watcher misses no line', async ({
    agents,
    dataDir,
  }) => {
    const env = { DATA_DIR: dataDir, ...agentUrls(agents.urls) };
    agents.script.code = (_call, nth) => (nth === 1 ? hang() : undefined);

    const first = await startService(env);
    const { workflow, room } = dataOf(
      await query<Started>(first.graphqlUrl, START, { userInput: 'a lamp' }),
    ).startWorkflow;
    await agents.waitForCall('code');
    const client = connectWs(first.graphqlUrl);
    const before = await collect(
      client.iterate<Line>({ query: LINES, variables: { roomId: room.id, workflowId: workflow.id } }) as AsyncIterable<{
        data: Line;
      }>,
      6,
    );
    await client.dispose();
    expect(await first.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await startService(env);
    const again = connectWs(second.graphqlUrl);
    const after = await collectUntil(
      again.iterate<Line>({
        query: LINES,
        variables: { roomId: room.id, workflowId: workflow.id, after: before.at(-1)?.data.agentLogs.id },
      }) as AsyncIterable<{ data: Line }>,
      () => false,
    );
    await again.dispose();
    const seqs = [...before, ...after].map(({ data }) => data.agentLogs.seq);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));

    const state = dataOf(await query(second.graphqlUrl, STATE, { id: workflow.id }));
    expect(state).toMatchObject({
      workflow: { status: 'SUCCEEDED', room: { status: 'DONE' }, reward: { amount: 10 } },
      viewer: { tokenBalance: 10 },
    });
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'asset', 'code', 'code', 'deploy']);
    expect(await second.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });
});

describe('kill -9 of the embedded PostgreSQL under a service', () => {
  test('a service restarts its killed embedded PostgreSQL and saves the result of the call in flight', async ({
    agents,
    dataDir,
  }) => {
    const gate = Promise.withResolvers<void>();
    agents.script.code = (call) => after(gate.promise, json({ code: '<p>lamp</p>', cid: `cid-${call.nth}` }));
    const service = await startService({ DATA_DIR: dataDir, ...agentUrls(agents.urls) });
    const { workflow } = dataOf(await query<Started>(service.graphqlUrl, START, { userInput: 'a lamp' })).startWorkflow;
    await agents.waitForCall('code');
    const { data } = clusterIn(dataDir);
    const server = await readPidFile(data);
    process.kill(server?.pid ?? 0, 'SIGKILL');
    await waitFor('another server', async () => {
      const other = await readPidFile(data);
      return other !== null && other.pid !== server?.pid && other.status === 'ready';
    });

    gate.resolve();
    const state = await waitFor('the end of the workflow', async () => {
      const { data: found } = await query<{ workflow: { status: string } }>(service.graphqlUrl, STATE, {
        id: workflow.id,
      });
      return found?.workflow.status === 'SUCCEEDED' && found;
    });
    expect(state).toMatchObject({ workflow: { status: 'SUCCEEDED' }, viewer: { tokenBalance: 10 } });
    expect(agents.calls.map(({ agent }) => agent)).toEqual(['story', 'asset', 'code', 'deploy']);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(await readPidFile(data)).toBeNull();
  });
});
