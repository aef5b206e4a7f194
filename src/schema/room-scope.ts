import { RequestError, roomNotFound, workflowNotFound } from '../orchestrator/errors.ts';
import type { Reads } from '../orchestrator/ports/reads.ts';
import type { SchemaDeps } from './deps.ts';

/** What a room token is told that asks for more than its room. */
export const refusedToRoomToken = () =>
  new RequestError('UNAUTHENTICATED', "A room token shows its room and changes nothing. Send the viewer's own token.");
const refuse = async (): Promise<never> => {
  throw refusedToRoomToken();
};

/**
 * What a room token shows: one room, read only. Any other of the viewer's rooms and workflows behaves as one that does
 * not exist; what is about the viewer, and every change, is refused.
 */
export function onlyRoom(roomId: string, deps: SchemaDeps): SchemaDeps {
  const { reads, watch } = deps;
  const own = (ids: readonly string[]) => ids.filter((id) => id === roomId);
  const workflowsById: Reads['workflows']['byIds'] = async (viewerId, ids) =>
    (await reads.workflows.byIds(viewerId, ids)).filter((workflow) => workflow.roomId === roomId);
  const requireRoom = (id: string) => {
    if (id !== roomId) throw roomNotFound();
  };

  return {
    reads: {
      rooms: { byIds: (viewerId, ids) => reads.rooms.byIds(viewerId, own(ids)), list: refuse },
      // By workflow: of those that were found in the room.
      workflows: {
        ...reads.workflows,
        byIds: workflowsById,
        latestByRooms: (viewerId, ids) => reads.workflows.latestByRooms(viewerId, own(ids)),
        listByRooms: (viewerId, ids, page) => reads.workflows.listByRooms(viewerId, own(ids), page),
      },
      rewards: { byWorkflows: reads.rewards.byWorkflows, list: refuse, balance: refuse },
      logs: { page: (viewerId, ids, page) => reads.logs.page(viewerId, own(ids), page) },
    },
    workflows: { createRoom: refuse, start: refuse, cancel: refuse, retry: refuse },
    issueRoomToken: refuse,
    watch: {
      async agentLogs(viewerId, args) {
        requireRoom(args.roomId);
        return watch.agentLogs(viewerId, args);
      },
      async deploymentCompleted(viewerId, args) {
        requireRoom(args.roomId);
        return watch.deploymentCompleted(viewerId, args);
      },
      async workflowUpdated(viewerId, workflowId) {
        if ((await workflowsById(viewerId, [workflowId])).length === 0) throw workflowNotFound();
        return watch.workflowUpdated(viewerId, workflowId);
      },
    },
  };
}
