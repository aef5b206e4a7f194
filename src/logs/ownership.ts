import { roomNotFound, workflowNotFound } from '../orchestrator/errors.ts';
import type { RoomReads, WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { RoomRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';

/** Who may watch what: another viewer's room or workflow is not found, as one that does not exist. */
export type Ownership = {
  /** @throws {RequestError} ROOM_NOT_FOUND */
  room(viewerId: string, roomId: string): Promise<RoomRecord>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND */
  workflow(viewerId: string, workflowId: string): Promise<WorkflowRecord>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND, also when it is of another room */
  workflowIn(viewerId: string, roomId: string, workflowId: string): Promise<WorkflowRecord>;
};

export function createOwnership(rooms: Pick<RoomReads, 'byIds'>, workflows: Pick<WorkflowReads, 'byIds'>): Ownership {
  const access: Ownership = {
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
    async workflowIn(viewerId, roomId, workflowId) {
      const workflow = await access.workflow(viewerId, workflowId);
      if (workflow.roomId !== roomId) throw workflowNotFound();
      return workflow;
    },
  };
  return access;
}
