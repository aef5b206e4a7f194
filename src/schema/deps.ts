import type { IssueRoomToken } from '../orchestrator/ports/caller.ts';
import type { Subscriptions } from '../orchestrator/ports/log.ts';
import type { Reads } from '../orchestrator/ports/reads.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';

/** What the schema needs from outside; the same for every request. */
export type SchemaDeps = {
  reads: Reads;
  workflows: WorkflowService;
  watch: Subscriptions;
  issueRoomToken: IssueRoomToken;
};
