import type { IssueRoomToken } from '../orchestrator/identity.ts';
import type { Reads, Watch } from '../orchestrator/ports.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';

/** What the schema needs from outside; the same for every request. */
export type SchemaDeps = { reads: Reads; workflows: WorkflowService; watch: Watch; issueRoomToken: IssueRoomToken };
