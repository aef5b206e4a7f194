import type { Caller, IssueRoomToken } from '../orchestrator/identity.ts';
import type { Reads, Watch } from '../orchestrator/ports.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { onlyRoom } from './room-scope.ts';

/** What the schema needs from outside; the same for every request. */
export type SchemaDeps = { reads: Reads; workflows: WorkflowService; watch: Watch; issueRoomToken: IssueRoomToken };

/** What every resolver is given. */
export type GraphQLContext = SchemaDeps & {
  /** Who asks. Nothing is read or changed but for this viewer. */
  viewerId: string;
  /** The one room that a room token shows; null for the viewer's own token. */
  onlyRoomId: string | null;
  loaders: Loaders;
};

/**
 * The context of one operation. A subscription keeps the same one for all its events, however long it lives: the
 * loaders hold nothing between them.
 */
export function createContext(deps: SchemaDeps, { viewerId, onlyRoomId }: Caller): GraphQLContext {
  const { reads, workflows, watch, issueRoomToken } = onlyRoomId === undefined ? deps : onlyRoom(onlyRoomId, deps);
  const loaders = createLoaders(reads, viewerId);
  return { reads, workflows, watch, issueRoomToken, viewerId, onlyRoomId: onlyRoomId ?? null, loaders };
}
