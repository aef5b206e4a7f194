import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { ReportAgents } from '../orchestrator/ports/agents.ts';
import type { IssueRoomToken } from '../orchestrator/ports/caller.ts';
import type { Subscriptions } from '../orchestrator/ports/log.ts';
import type { Reads } from '../orchestrator/ports/reads.ts';
import { RequestError, roomNotFound, workflowNotFound } from '../orchestrator/request-error.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';

/** What the resolvers call. The same for every request, except that a room token restricts it. */
export type SchemaDeps = {
  reads: Reads;
  /** How long one call of each agent may take, in ms. */
  agentTimeoutsMs: Readonly<Record<AgentName, number>>;
  workflows: WorkflowService;
  subscriptions: Subscriptions;
  issueRoomToken: IssueRoomToken;
  reportAgents: ReportAgents;
};

export const notForRoomTokens = () =>
  new RequestError('UNAUTHENTICATED', "A room token can only read its room. Send the viewer's own token.");
const refuse = async (): Promise<never> => {
  throw notForRoomTokens();
};

/**
 * What a room token gives access to: one room, read-only. The viewer's other rooms and workflows count as not found;
 * the viewer's own data and every mutation are refused.
 */
export function restrictToRoom(roomId: string, deps: SchemaDeps): SchemaDeps {
  const { reads, subscriptions } = deps;
  const onlyThisRoom = (ids: readonly string[]) => ids.filter((id) => id === roomId);
  const workflowsById: Reads['workflows']['byIds'] = async (viewerId, ids) =>
    (await reads.workflows.byIds(viewerId, ids)).filter((workflow) => workflow.roomId === roomId);
  const requireRoom = (id: string) => {
    if (id !== roomId) throw roomNotFound();
  };

  return {
    agentTimeoutsMs: deps.agentTimeoutsMs,
    reads: {
      rooms: { byIds: (viewerId, ids) => reads.rooms.byIds(viewerId, onlyThisRoom(ids)), list: refuse },
      workflows: {
        // What is read by workflow id needs no check: resolvers have the ids of workflows found in this room only.
        ...reads.workflows,
        byIds: workflowsById,
        latestByRooms: (viewerId, ids) => reads.workflows.latestByRooms(viewerId, onlyThisRoom(ids)),
        listByRooms: (viewerId, ids, page) => reads.workflows.listByRooms(viewerId, onlyThisRoom(ids), page),
        activity: refuse,
      },
      rewards: { byWorkflows: reads.rewards.byWorkflows, list: refuse, balance: refuse },
      contents: reads.contents,
      logs: { page: (viewerId, ids, page) => reads.logs.page(viewerId, onlyThisRoom(ids), page) },
    },
    workflows: { createRoom: refuse, start: refuse, cancel: refuse, retry: refuse },
    issueRoomToken: refuse,
    reportAgents: refuse,
    subscriptions: {
      async agentLogs(viewerId, args) {
        requireRoom(args.roomId);
        return subscriptions.agentLogs(viewerId, args);
      },
      async deploymentCompleted(viewerId, args) {
        requireRoom(args.roomId);
        return subscriptions.deploymentCompleted(viewerId, args);
      },
      async stepOutput(viewerId, args) {
        if ((await workflowsById(viewerId, [args.workflowId])).length === 0) throw workflowNotFound();
        return subscriptions.stepOutput(viewerId, args);
      },
      async workflowUpdated(viewerId, workflowId) {
        if ((await workflowsById(viewerId, [workflowId])).length === 0) throw workflowNotFound();
        return subscriptions.workflowUpdated(viewerId, workflowId);
      },
    },
  };
}
