import type { WorkflowReads } from '../../orchestrator/ports/reads.ts';
import type { Db } from '../client.ts';
import { createDeploymentReads } from './deployment-reads.ts';
import { createStepReads } from './step-reads.ts';
import { createWorkflowRowReads } from './workflow-row-reads.ts';

/** A workflow and all that belongs to it. */
export function createWorkflowReads(db: Db): WorkflowReads {
  return { ...createWorkflowRowReads(db), ...createStepReads(db), ...createDeploymentReads(db) };
}
