import { v7 as uuidv7 } from 'uuid';
import type { Db } from '../../../src/db/client.ts';
import {
  attempts,
  deployments,
  logLines,
  rewards,
  roomLogHeads,
  rooms,
  stepOutputs,
  steps,
  usages,
  viewers,
  workflows,
} from '../../../src/db/tables.ts';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';

/*
 * Inserts rows as finished workflows leave them, for tests of reads. Ids are UUIDv7, so rows inserted later are newer.
 */

export const AT = new Date('2026-11-22T14:34:00.000Z');

export async function insertRoom(db: Db, viewerId: string, values: Partial<typeof rooms.$inferInsert> = {}) {
  const id = uuidv7();
  await db.insert(viewers).values({ id: viewerId }).onConflictDoNothing();
  await db.insert(rooms).values({ id, viewerId, ...values });
  return id;
}

/** Inserts a succeeded workflow: four steps with a result and two attempts each, a deployment and a reward. */
export async function insertWorkflow(
  db: Db,
  room: { viewerId: string; roomId: string },
  values: Partial<typeof workflows.$inferInsert> = {},
) {
  const id = uuidv7();
  const done = { startedAt: AT, finishedAt: new Date(AT.getTime() + 1_500) };
  await db.insert(workflows).values({
    id,
    ...room,
    status: 'succeeded',
    userInput: 'a lighthouse',
    logStartSeq: 0,
    logEndSeq: 1,
    ...done,
    ...values,
  });
  await db.insert(steps).values(
    AGENT_NAMES.map((agent) => ({
      workflowId: id,
      agent,
      status: 'succeeded' as const,
      leaseNumber: 2,
      result: { agent },
      ...done,
    })),
  );
  await db.insert(stepOutputs).values({
    workflowId: id,
    agent: 'story',
    channel: 'output',
    attempt: 2,
    leaseNumber: 2,
    text: 'a lamp',
    length: 6,
  });
  const failure = { error: 'status 503', errorCode: 'HTTP_STATUS', httpStatus: 503 } as const;
  await db.insert(attempts).values(
    AGENT_NAMES.flatMap((agent) => [
      { workflowId: id, agent, number: 2, ...done },
      { workflowId: id, agent, number: 1, ...done, ...failure },
    ]),
  );
  await db.insert(usages).values({ workflowId: id, agent: 'story', leaseNumber: 1, attempt: 1, model: 'a model' });
  await db.insert(deployments).values({
    workflowId: id,
    roomId: room.roomId,
    deploymentUrl: 'http://localhost/deployments/x/',
    codeCid: 'x',
    completedAt: AT,
  });
  await db.insert(rewards).values({ id: uuidv7(), viewerId: room.viewerId, workflowId: id, amount: 10 });
  return id;
}

/** Inserts a queued workflow with four steps that have not started. */
export async function insertQueuedWorkflow(db: Db, room: { viewerId: string; roomId: string }) {
  const id = uuidv7();
  await db.insert(workflows).values({ id, ...room, status: 'queued', userInput: 'a lighthouse', logStartSeq: 0 });
  await db.insert(steps).values(AGENT_NAMES.map((agent) => ({ workflowId: id, agent })));
  return id;
}

/** Inserts `count` lines with `seq` from 1. Every seventh is from StoryAgent and every tenth is a warning. */
export async function insertLines(
  db: Db,
  { roomId, workflowId }: { roomId: string; workflowId: string },
  count: number,
) {
  const lines = Array.from({ length: count }, (_, index) => index + 1).map((seq) => ({
    roomId,
    workflowId,
    seq,
    timestamp: AT,
    agentType: seq % 7 === 0 ? ('story' as const) : ('orchestrator' as const),
    level: seq % 10 === 0 ? ('warn' as const) : ('info' as const),
    message: `line ${seq}`,
    metadata: seq === 1 ? { event: 'workflow.started', nested: [null, 1.5] } : null,
  }));
  await db.insert(logLines).values(lines);
  await db.insert(roomLogHeads).values({ roomId, lastSeq: count });
}
