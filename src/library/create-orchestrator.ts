import { env } from 'node:process';
import type { EmitLog, RewardUser, UpdateRoomStatus } from './callbacks.ts';
import { LogEmitterService } from './log-emitter-service.ts';
import type { OrchestratorOptions } from './options.ts';
import { OrchestratorService } from './orchestrator-service.ts';
import { orchestratorSettings } from './resolve-settings.ts';
import { createUnreachableAgentWarning } from './unreachable-agents.ts';

/** An orchestrator, and the emitter that publishes its log. */
export type Orchestrator = {
  /** Runs workflows and hands their log lines to `logEmitter`. */
  orchestrator: OrchestratorService;
  /** Publishes the log lines. Its connection keeps the process alive until you close it. */
  logEmitter: LogEmitterService;
};

/**
 * Creates an orchestrator that publishes its rooms' logs to Redis.
 *
 * The first time an agent cannot be reached, a process warning with the code `AGENT_UNREACHABLE` names the agent and
 * its URL. To handle the log lines yourself, construct an `OrchestratorService` with an `emitLog` callback.
 * @param updateRoomStatus called once per workflow, at its end, with the room's status
 * @param rewardUser called at most once per workflow, after the status `done`
 * @param redisUrl the same as for `LogEmitterService`. Defaults to REDIS_URL, then redis://localhost:6379
 * @param options overrides the defaults and the environment variables
 * @returns the orchestrator and its emitter; close the emitter when you are done
 * @throws TypeError for the same reasons as both constructors; nothing is left open then
 */
export function createOrchestrator(
  updateRoomStatus: UpdateRoomStatus,
  rewardUser: RewardUser,
  redisUrl?: string,
  options: OrchestratorOptions = {},
): Orchestrator {
  const emitLog: EmitLog = (...line) => {
    const [, agentType, , , metadata] = line;
    if (agentType === 'orchestrator') warnIfUnreachable?.(metadata);
    return logEmitter.emitLog(...line);
  };
  const orchestrator = new OrchestratorService(emitLog, updateRoomStatus, rewardUser, options);
  // A replaced `fetch` connects to nothing.
  const warnIfUnreachable = options.fetch
    ? null
    : createUnreachableAgentWarning(orchestratorSettings(options, env).agents);
  // Last, since it opens a connection and the orchestrator may refuse its options.
  const logEmitter = new LogEmitterService(redisUrl);
  return { orchestrator, logEmitter };
}
