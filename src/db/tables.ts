/*
 * Constraints make wrong states impossible. Enums are built from the domain's lists. Instants have the precision of the
 * API (ms), so that a value which a client sends back compares equal. `json` stores what agents sent unchanged; `jsonb`
 * would refuse \u0000.
 */

export * from './tables/rooms.ts';
export * from './tables/service.ts';
export * from './tables/steps.ts';
export {
  agentErrorCode,
  agentName,
  agentType,
  logLevel,
  roomStatus,
  stepStatus,
  workflowStatus,
} from './tables/types.ts';
export * from './tables/workflows.ts';
