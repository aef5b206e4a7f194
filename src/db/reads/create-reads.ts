import type { Reads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { createContentReads } from './content-reads.ts';
import { createLogReads } from './log-reads.ts';
import { createRewardReads } from './reward-reads.ts';
import { createRoomReads } from './room-reads.ts';
import { createWorkflowReads } from './workflow-reads.ts';

/** What the API reads. Each statement filters by viewer, so that someone else's row is never even fetched. */
export function createReads(db: Db): Reads {
  return {
    rooms: createRoomReads(db),
    workflows: createWorkflowReads(db),
    rewards: createRewardReads(db),
    logs: createLogReads(db),
    contents: createContentReads(db),
  };
}
