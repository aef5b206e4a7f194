import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogReader, RoomLogs, Subscriptions } from '../orchestrator/ports/log.ts';
import type { RoomReads, WorkflowReads } from '../orchestrator/ports/reads.ts';
import { readAgentLogs, watchAgentLogs } from './agent-logs.ts';
import { coalesce } from './coalesce.ts';
import { watchDeploymentOfWorkflow, watchDeploymentsOfRoom } from './deployments.ts';
import type { Hub } from './hub.ts';
import { createOwnership } from './ownership.ts';
import { watchWorkflow } from './workflow-updates.ts';

export type SubscriptionsDeps = {
  hub: Hub;
  logs: LogReader;
  rooms: Pick<RoomReads, 'byIds'>;
  workflows: Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'deployments' | 'deploymentsAfter'>;
};

/**
 * What browsers watch, as contract/schema.graphql words it. Each call reads what decides access and where to begin;
 * nothing is held for a caller before the first `next()`, and nothing after `return()`.
 * @throws {RequestError} ROOM_NOT_FOUND, WORKFLOW_NOT_FOUND (also for what is no id at all), INVALID_INPUT
 */
export function createSubscriptions({ hub, logs, ...reads }: SubscriptionsDeps): Subscriptions & RoomLogs {
  const rooms = { byIds: coalesce(reads.rooms.byIds) };
  // All watchers of a row are woken by the same line: they ask as one.
  const workflows = {
    byIds: coalesce(reads.workflows.byIds),
    latestByRooms: coalesce(reads.workflows.latestByRooms),
    deployments: coalesce(reads.workflows.deployments),
    deploymentsAfter: coalesce(reads.workflows.deploymentsAfter),
  };
  const access = createOwnership(rooms, workflows);
  const accessed = async (viewerId: string, roomId: string, workflowId: string | undefined) => {
    const room = await access.room(viewerId, roomId);
    return { room, workflow: workflowId == null ? null : await access.workflowIn(viewerId, room.id, workflowId) };
  };
  return {
    async agentLogs(viewerId, { roomId, workflowId, ...args }) {
      const { room, workflow } = await accessed(viewerId, roomId, workflowId);
      return watchAgentLogs({ hub, logs, workflows }, viewerId, room.id, workflow, args);
    },
    async agentLogsSoFar(viewerId, { roomId, workflowId, ...args }) {
      const { room, workflow } = await accessed(viewerId, roomId, workflowId);
      return readAgentLogs({ hub, logs, workflows }, viewerId, room.id, workflow, args);
    },
    async lastLineId(viewerId, roomId, workflowId) {
      const { logEndSeq } = await access.workflowIn(viewerId, roomId, workflowId);
      return logEndSeq === null ? null : logCursor(roomId, logEndSeq);
    },
    async deploymentCompleted(viewerId, { roomId, workflowId, since }) {
      const room = await access.room(viewerId, roomId);
      if (workflowId == null) return watchDeploymentsOfRoom({ hub, workflows }, viewerId, room.id, since ?? null);
      const workflow = await access.workflowIn(viewerId, room.id, workflowId);
      return watchDeploymentOfWorkflow({ hub, workflows }, viewerId, workflow);
    },
    async workflowUpdated(viewerId, workflowId) {
      return watchWorkflow({ hub, workflows }, viewerId, await access.workflow(viewerId, workflowId));
    },
  };
}
