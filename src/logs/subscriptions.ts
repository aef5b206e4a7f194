import { logCursor } from '../orchestrator/domain/cursor.ts';
import { positionOfCursor } from '../orchestrator/domain/output-position.ts';
import type { LogReader, RoomLogs, Subscriptions } from '../orchestrator/ports/log.ts';
import type { RoomReads, WorkflowReads } from '../orchestrator/ports/reads.ts';
import { invalidInput } from '../orchestrator/request-error.ts';
import { readAgentLogs, watchAgentLogs } from './agent-logs.ts';
import { coalesce } from './coalesce.ts';
import { watchDeploymentOfWorkflow, watchDeploymentsOfRoom } from './deployments.ts';
import type { ReaderLimits } from './feed.ts';
import type { Hub } from './hub.ts';
import type { OutputHub } from './output/output-hub.ts';
import { watchOutput } from './output/watch-output.ts';
import { createOwnership } from './ownership.ts';
import { watchWorkflow } from './workflow-updates.ts';

export type SubscriptionsDeps = {
  hub: Hub;
  outputHub: OutputHub;
  logs: LogReader;
  rooms: Pick<RoomReads, 'byIds'>;
  workflows: Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'deployments' | 'deploymentsAfter'>;
  limits?: ReaderLimits;
  /** Called when a live watcher of a log returns to reading Postgres. @default nobody is told */
  onCatchUp?: () => void;
};

/**
 * The subscriptions of schema.graphql. Each call checks ownership and reads where to begin. A caller costs nothing
 * before its first `next()`, and nothing after `return()`.
 * @throws {RequestError} ROOM_NOT_FOUND, WORKFLOW_NOT_FOUND (also for a malformed id), INVALID_INPUT
 */
export function createSubscriptions({
  hub,
  outputHub,
  logs,
  limits,
  onCatchUp,
  ...reads
}: SubscriptionsDeps): Subscriptions & RoomLogs {
  // One line wakes all watchers of a row in the same tick, so their reads are one statement.
  const rooms = { byIds: coalesce(reads.rooms.byIds) };
  const workflows = {
    byIds: coalesce(reads.workflows.byIds),
    latestByRooms: coalesce(reads.workflows.latestByRooms),
    deployments: coalesce(reads.workflows.deployments),
    deploymentsAfter: coalesce(reads.workflows.deploymentsAfter),
  };
  const owned = createOwnership(rooms, workflows);
  const logDeps = { hub, logs, workflows, ...(limits && { limits }), ...(onCatchUp && { onCatchUp }) };

  async function roomAndWorkflow(viewerId: string, roomId: string, workflowId: string | undefined) {
    const room = await owned.room(viewerId, roomId);
    const workflow = workflowId == null ? null : await owned.workflowInRoom(viewerId, room.id, workflowId);
    return { room, workflow };
  }

  return {
    async agentLogs(viewerId, { roomId, workflowId, ...args }) {
      const { room, workflow } = await roomAndWorkflow(viewerId, roomId, workflowId);
      return watchAgentLogs(logDeps, viewerId, room.id, workflow, args);
    },
    async agentLogsSoFar(viewerId, { roomId, workflowId, ...args }) {
      const { room, workflow } = await roomAndWorkflow(viewerId, roomId, workflowId);
      return readAgentLogs(logDeps, viewerId, room.id, workflow, args);
    },
    async lastLineId(viewerId, roomId, workflowId) {
      const { logEndSeq } = await owned.workflowInRoom(viewerId, roomId, workflowId);
      return logEndSeq === null ? null : logCursor(roomId, logEndSeq);
    },
    async deploymentCompleted(viewerId, { roomId, workflowId, since }) {
      const { room, workflow } = await roomAndWorkflow(viewerId, roomId, workflowId);
      return workflow === null
        ? watchDeploymentsOfRoom({ hub, workflows }, viewerId, room.id, since ?? null)
        : watchDeploymentOfWorkflow({ hub, workflows }, viewerId, workflow);
    },
    async stepOutput(viewerId, { workflowId, agent, channel = null, offset = 0, after }) {
      const { id, roomId } = await owned.workflow(viewerId, workflowId);
      const step = { workflowId: id, agent };
      const position = after === undefined ? null : positionOfCursor(step, after);
      if (after !== undefined && position === null) throw invalidInput('after', 'is not the id of output of this step');
      return watchOutput(outputHub, { ...step, roomId }, { channel, from: position ?? offset });
    },
    async workflowUpdated(viewerId, workflowId) {
      return watchWorkflow({ hub, workflows }, viewerId, await owned.workflow(viewerId, workflowId));
    },
  };
}
