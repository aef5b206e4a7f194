import type { Caller } from '../orchestrator/ports/caller.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { restrictToRoom, type SchemaDeps } from './room-scope.ts';

export type GraphQLContext = SchemaDeps & {
  /** Everything is read and changed for this viewer only. */
  viewerId: string;
  /** The room that a room token gives access to; null for a viewer's own token. */
  onlyRoomId: string | null;
  loaders: Loaders;
};

/** The context of one operation. A subscription keeps it for all its events; the loaders cache nothing. */
export function createContext(deps: SchemaDeps, { viewerId, onlyRoomId }: Caller): GraphQLContext {
  const allowed = onlyRoomId === undefined ? deps : restrictToRoom(onlyRoomId, deps);
  const loaders = createLoaders(allowed.reads, viewerId);
  return { ...allowed, viewerId, onlyRoomId: onlyRoomId ?? null, loaders };
}
