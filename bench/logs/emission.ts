import { setTimeout as sleep } from 'node:timers/promises';
import { createAgentLogWriter } from '../../src/db/agent-log-writer.ts';
import type { Database } from '../../src/db/client.ts';
import { createPublishLines } from '../../src/logs/publish-lines.ts';
import type { NewLogLine } from '../../src/orchestrator/domain/log-line.ts';
import { createLineWriter } from '../../src/orchestrator/line-writer.ts';
import type { PubSub } from '../../src/orchestrator/ports/pubsub.ts';
import type { AppendAgentLines } from '../../src/orchestrator/ports/store.ts';
import { insertQueuedWorkflow, insertRoom } from '../../test/support/databases/rows.ts';

/** Lines arrive in small groups, as they do from an agent's connection. */
const EVERY_MS = 10;
const WARM_UP_MS = 2_000;

/** An agent that writes to its own room, and the times from handing over each line to its commit, in ms. */
async function agentIn({ db, client }: Database, append: AppendAgentLines, pubsub: PubSub, durations: number[]) {
  const viewerId = 'mary';
  const roomId = await insertRoom(db, viewerId);
  const workflowId = await insertQueuedWorkflow(db, { viewerId, roomId });
  const workerId = workflowId;
  await client`
    update steps set status = 'running', attempt = 1, lease_number = 1, lease_worker_id = ${workerId}, available_at = now()
    where workflow_id = ${workflowId} and agent = 'story'`;
  const publish = createPublishLines(pubsub.publish);
  const lease = { workflowId, agent: 'story', workerId, number: 1 } as const;
  const begun: number[] = [];
  let lost = false;
  let afterSeq = 0;
  const writer = createLineWriter({
    append: (lines) => append(lease, roomId, lines, afterSeq),
    onWritten(lines) {
      const now = performance.now();
      for (const at of begun.splice(0, lines.length)) durations.push(now - at);
      afterSeq = lines.at(-1)?.seq ?? afterSeq;
      publish(lines);
    },
    onLeaseLost() {
      lost = true;
    },
  });
  return {
    async write(line: NewLogLine) {
      begun.push(performance.now());
      await writer.write(line);
    },
    async drain() {
      await writer.drain();
      if (lost) throw new Error('the lease was lost');
    },
  };
}

/** Writes `perSecond` lines per second in total. @returns the time of each line, and the rate that was reached */
export async function measureEmission(
  database: Database,
  pubsub: PubSub,
  { agents, perSecond, seconds }: { agents: number; perSecond: number; seconds: number },
): Promise<{ durations: number[]; rate: number }> {
  const durations: number[] = [];
  const append = createAgentLogWriter(database.db);
  const writers = await Promise.all(Array.from({ length: agents }, () => agentIn(database, append, pubsub, durations)));
  const message = 'a line such as agents write while they work, of some eighty letters in all, not short';
  const line = { agentType: 'story', level: 'info', message, metadata: { step: 3 } } as const;

  const write = async (forMs: number) => {
    const begun = performance.now();
    let sent = 0;
    for (let now = begun; now - begun < forMs; now = performance.now()) {
      const due = Math.floor(((now - begun) / 1_000) * perSecond);
      for (; sent < due; sent += 1) await writers[sent % agents]?.write(line);
      await sleep(EVERY_MS);
    }
    await Promise.all(writers.map((writer) => writer.drain()));
    return sent / ((performance.now() - begun) / 1_000);
  };
  await write(WARM_UP_MS);
  durations.length = 0;
  const rate = await write(seconds * 1_000);
  return { durations, rate };
}
