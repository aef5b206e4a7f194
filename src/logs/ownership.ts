import type { RoomReads, WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { RoomRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';
import { roomNotFound, workflowNotFound } from '../orchestrator/request-error.ts';

/** Finds what a viewer owns. Someone else's room or workflow counts as not found. */
export type Ownership = {
  /** @throws {RequestError} ROOM_NOT_FOUND */
  room(viewerId: string, roomId: string): Promise<RoomRecord>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND */
  workflow(viewerId: string, workflowId: string): Promise<WorkflowRecord>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND, also for a workflow of another room */
  workflowInRoom(viewerId: string, roomId: string, workflowId: string): Promise<WorkflowRecord>;
};

export function createOwnership(rooms: Pick<RoomReads, 'byIds'>, workflows: Pick<WorkflowReads, 'byIds'>): Ownership {
  const owned: Ownership = {
    async room(viewerId, roomId) {
      const [room] = await rooms.byIds(viewerId, [roomId]);
      if (room === undefined) throw roomNotFound();
      return room;
    },
    async workflow(viewerId, workflowId) {
      const [workflow] = await workflows.byIds(viewerId, [workflowId]);
      if (workflow === undefined) throw workflowNotFound();
      return workflow;
    },
    async workflowInRoom(viewerId, roomId, workflowId) {
      const workflow = await owned.workflow(viewerId, workflowId);
      if (workflow.roomId !== roomId) throw workflowNotFound();
      return workflow;
    },
  };
  return owned;
}
