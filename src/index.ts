/**
 * The library: the service's chain of agents, its agent client and its log, in memory and without a server. Importing it
 * runs nothing, reads no environment variables and does not load the GraphQL server.
 */

export type { EmitLog, FinalRoomStatus, RewardUser, UpdateRoomStatus } from './library/callbacks.ts';
export { createOrchestrator, type Orchestrator } from './library/create-orchestrator.ts';
export { LogEmitterService } from './library/log-emitter-service.ts';
export type { AgentLog } from './library/log-entry.ts';
export type { AuthorizeListener } from './library/notification-protocol.ts';
export type { AgentOptions, OrchestratorOptions, RetryOptions } from './library/options.ts';
export { type ExecuteOptions, OrchestratorService } from './library/orchestrator-service.ts';
export {
  type WebSocketNotificationOptions,
  WebSocketNotificationService,
} from './library/websocket-notification-service.ts';
export type { AgentTitle, WorkflowState } from './library/workflow-state.ts';
export type { AgentName, AgentType } from './orchestrator/domain/agents.ts';
export type { LogLevel, LogMetadata } from './orchestrator/domain/log-line.ts';
