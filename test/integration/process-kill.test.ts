import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { collect, collectUntil, connectWs, dataOf, query } from '../support/graphql-clients.ts';
import { hang } from '../support/scripted-answers.ts';
import { test } from '../support/service.ts';
import { agentUrls, startService } from '../support/service-process.ts';

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

describe('kill -9 in the middle of a workflow', () => {
  test('the next start recovers by itself, keeps the data and goes on; a watcher misses no line', async ({
    agents,
  }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'orchestrator-kill-'));
    await chmod(dataDir, 0o755);
    const env = { DATA_DIR: join(dataDir, 'data'), ...agentUrls(agents.urls) };
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
    await rm(dataDir, { recursive: true, force: true });
  });
});
