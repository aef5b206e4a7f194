import type { Caller } from '../orchestrator/ports/caller.ts';
import type { SchemaDeps } from './deps.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { onlyRoom } from './room-scope.ts';

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
