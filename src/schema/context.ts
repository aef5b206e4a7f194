import type { Reads, Watch } from '../orchestrator/ports.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What the schema needs from outside; the same for every request. */
export type SchemaDeps = { reads: Reads; workflows: WorkflowService; watch: Watch };

/** What every resolver is given. */
export type GraphQLContext = SchemaDeps & {
  /** Who asks. Nothing is read or changed but for this viewer. */
  viewerId: string;
  loaders: Loaders;
};

/**
 * The context of one operation. A subscription keeps the same one for all its events, however long it lives: the
 * loaders hold nothing between them.
 */
export function createContext({ reads, workflows, watch }: SchemaDeps, viewerId: string): GraphQLContext {
  return { reads, workflows, watch, viewerId, loaders: createLoaders(reads, viewerId) };
}
