import type { Artifact } from '../orchestrator/domain/artifacts.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { OutputEvent } from '../orchestrator/domain/step-output.ts';
import type { Usage } from '../orchestrator/domain/usage.ts';
import type { AgentReport } from '../orchestrator/ports/agents.ts';
import type { RoomToken } from '../orchestrator/ports/caller.ts';
import type { Activity } from '../orchestrator/ports/reads.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  RewardRecord,
  RoomRecord,
  StepRecord,
  WorkflowRecord,
} from '../orchestrator/ports/records.ts';
import type { StartedWorkflow } from '../orchestrator/workflow-service.ts';
import { builder } from './builder.ts';

/*
 * The record behind each GraphQL type. They are declared apart from the types' fields because a room has workflows and
 * a workflow has a room: their files would import each other.
 */

/** `wastedCostUsd` is the part of the cost that failed attempts have. */
export type UsageWithWaste = Usage & { wastedCostUsd: number | null };

export const AgentRef = builder.objectRef<AgentReport>('Agent');
export const ActivityRef = builder.objectRef<Activity>('Activity');
export const ViewerRef = builder.objectRef<{ id: string }>('Viewer');
export const RoomRef = builder.objectRef<RoomRecord>('Room');
export const UsageRef = builder.objectRef<UsageWithWaste>('Usage');
export const WorkflowRef = builder.objectRef<WorkflowRecord>('Workflow');
export const StepRef = builder.objectRef<StepRecord>('Step');
export const AttemptRef = builder.objectRef<AttemptRecord>('Attempt');
export const AgentLogRef = builder.objectRef<LogLine>('AgentLog');
export const ArtifactRef = builder.objectRef<Artifact>('Artifact');
export const DeploymentRef = builder.objectRef<DeploymentRecord>('Deployment');
export const DeploymentCompletedRef = builder.objectRef<DeploymentRecord>('DeploymentCompleted');
export const RewardRef = builder.objectRef<RewardRecord>('Reward');
export const StepOutputRef = builder.objectRef<OutputEvent>('StepOutput');
export const StartWorkflowPayloadRef = builder.objectRef<StartedWorkflow>('StartWorkflowPayload');
export const RoomTokenRef = builder.objectRef<RoomToken & { roomId: string }>('RoomToken');
