import { v7 as uuidv7 } from 'uuid';
import { connectDb, type Fragment, type Sql } from '../../src/db/client.ts';
import { lineRows } from '../../src/db/sql/append.ts';
import type { AgentName } from '../../src/orchestrator/domain/agents.ts';
import type { NewLogLine } from '../../src/orchestrator/domain/log-line.ts';
import * as logMessages from '../../src/orchestrator/domain/log-messages.ts';
import { REWARD_AMOUNT } from '../../src/orchestrator/domain/workflow.ts';

export type BareWorkflow = { workflowId: string; roomId: string; viewerId: string; startedAt: number };

/** Writes the rows that the product writes with the fewest possible statements: one at the start and one per agent. */
export type BareRows = {
  start(viewerId: string, userInput: string): Promise<BareWorkflow>;
  save(workflow: BareWorkflow, agent: AgentName, answer: BareAnswer): Promise<void>;
  close(): Promise<void>;
};

export type BareAnswer = { result: Record<string, unknown>; lines: NewLogLine[]; durationMs: number };

export function createBareRows(databaseUrl: string): BareRows {
  const { client, close } = connectDb(databaseUrl, { maxConnections: 20 });
  const known = new Map<string, Promise<unknown>>();

  return {
    async start(viewerId, userInput) {
      const viewer =
        known.get(viewerId) ?? client`insert into viewers (id) values (${viewerId}) on conflict do nothing`;
      known.set(viewerId, viewer);
      await viewer;
      const workflow = { workflowId: uuidv7(), roomId: uuidv7(), viewerId, startedAt: performance.now() };
      await insertStart(client, workflow, userInput);
      return workflow;
    },
    save: (workflow, agent, answer) => insertStep(client, workflow, agent, answer),
    close: () => close(),
  };
}

async function insertStart(client: Sql, { workflowId, roomId, viewerId }: BareWorkflow, input: string): Promise<void> {
  await client`
    with room as (
      insert into rooms (id, viewer_id, status) values (${roomId}, ${viewerId}, 'running')
    ), workflow as (
      insert into workflows (id, room_id, viewer_id, status, user_input, log_start_seq, started_at)
      values (${workflowId}, ${roomId}, ${viewerId}, 'running', ${input}, 0, now())
    ), head as (insert into room_log_heads (room_id, last_seq) values (${roomId}, 1))
    ${inserted(client, roomId, workflowId, client`0`, [logMessages.workflowStarted('story', null)], client`(values (1)) as head`)}`;
}

async function insertStep(
  client: Sql,
  { workflowId, roomId, viewerId, startedAt }: BareWorkflow,
  agent: AgentName,
  { result, lines: agentLines, durationMs }: BareAnswer,
): Promise<void> {
  const isLast = agent === 'deploy';
  const url = String(result['deploymentUrl']);
  const lines = [
    logMessages.attemptStarted(agent, 1, 3),
    ...agentLines,
    logMessages.stepSucceeded(agent, 1, Math.round(durationMs)),
    ...(isLast ? closing(url, performance.now() - startedAt) : []),
  ];
  const end = client`, workflow as (
      update workflows set status = 'succeeded', finished_at = now(), updated_at = now(),
        log_end_seq = (select last_seq from head)
      where id = ${workflowId}
    ), room as (update rooms set status = 'done', updated_at = now() where id = ${roomId}
    ), deployment as (
      insert into deployments (workflow_id, room_id, deployment_url, code_cid, completed_at)
      values (${workflowId}, ${roomId}, ${url}, 'code-cid', now())
    ), reward as (
      insert into rewards (id, viewer_id, workflow_id, amount)
      values (${uuidv7()}, ${viewerId}, ${workflowId}, ${REWARD_AMOUNT})
    )`;
  await client`
    with step as (
      insert into steps (workflow_id, agent, status, attempt, lease_number, result, started_at, finished_at)
      values (${workflowId}, ${agent}, 'succeeded', 1, 1, ${JSON.stringify(result)}::json, now(), now())
    ), attempt as (
      insert into attempts (workflow_id, agent, number, finished_at) values (${workflowId}, ${agent}, 1, now())
    ), head as (
      update room_log_heads set last_seq = last_seq + ${lines.length} where room_id = ${roomId} returning last_seq
    )${isLast ? end : client``}
    ${inserted(client, roomId, workflowId, client`last_seq - ${lines.length}`, lines, client`head`)}`;
}

function closing(url: string, durationMs: number): NewLogLine[] {
  const step = { status: 'succeeded', attempt: 1, interruptions: 0, failure: null } as const;
  const steps = { story: step, asset: step, code: step, deploy: step };
  return [
    logMessages.deploymentCompleted({ deploymentUrl: url, codeCid: 'code-cid' }),
    logMessages.rewardPaid(REWARD_AMOUNT),
    logMessages.workflowFinished({ status: 'succeeded', steps }, 'succeeded', Math.round(durationMs)),
  ];
}

function inserted(
  client: Sql,
  roomId: string,
  workflowId: string,
  before: Fragment,
  lines: readonly NewLogLine[],
  from: Fragment,
): Fragment {
  return client`
    insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
    select ${roomId}, ${before} + number, ${workflowId}, now(), agent_type, level, message, metadata::json
    from ${from}, ${lineRows(client, [lines])}`;
}
