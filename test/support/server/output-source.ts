import { randomUUID } from 'node:crypto';
import { createOutputWriter } from '../../../src/db/output-writer.ts';
import { createPublishOutput } from '../../../src/logs/output/output-codec.ts';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import type { Lease } from '../../../src/orchestrator/ports/store.ts';
import type { TestDatabase } from '../databases/test-database.ts';
import type { TestRoom } from './subscription-server.ts';

export type OutputSource = {
  /** Appends to a channel, as the worker that holds the lease does. */
  write(text: string, channel?: string): Promise<void>;
  /** Another call of the agent begins, under the same attempt number. */
  repeat(): Promise<void>;
};

/** The output of a room's StoryAgent, whose step it takes. */
export async function openOutputSource(
  { db, client }: TestDatabase,
  pubsub: Pick<PubSub, 'publish'>,
  { roomId, workflowId }: TestRoom,
): Promise<OutputSource> {
  const save = createOutputWriter(db);
  const publish = createPublishOutput(pubsub.publish);
  const lease: Lease = { workflowId, agent: 'story', workerId: randomUUID(), number: 0 };
  let lengths = new Map<string, number>();

  async function take(): Promise<void> {
    lease.number += 1;
    lengths = new Map();
    await client`
      update steps set status = 'running', attempt = 1, lease_worker_id = ${lease.workerId}, lease_number = ${lease.number}
      where workflow_id = ${workflowId} and agent = 'story'`;
  }

  await take();
  return {
    repeat: take,
    async write(text, channel = 'output') {
      const offset = lengths.get(channel) ?? 0;
      lengths.set(channel, offset + text.length);
      const pieces = [{ channel, offset, text }];
      if (!(await save(lease, 1, pieces, true))) throw new Error('the lease is lost');
      publish(roomId, { workflowId, agent: 'story', attempt: 1, call: lease.number, pieces });
    },
  };
}
