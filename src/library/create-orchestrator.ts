import type { RewardUser, UpdateRoomStatus } from './callbacks.ts';
import { LogEmitterService } from './log-emitter-service.ts';
import type { OrchestratorOptions } from './options.ts';
import { OrchestratorService } from './orchestrator-service.ts';

/** An orchestrator, and the emitter that publishes its log. */
export type Orchestrator = {
  /** Runs workflows, and hands their lines to `logEmitter`. */
  orchestrator: OrchestratorService;
  /** To be closed at the end: its connection keeps the process alive. */
  logEmitter: LogEmitterService;
};

/**
 * An orchestrator whose rooms' logs go to Redis.
 * @param updateRoomStatus is told the room's status at the end, once a workflow
 * @param rewardUser is asked for the reward after `done`, at most once a workflow
 * @param redisUrl as for `LogEmitterService`: unless given REDIS_URL, then redis://localhost:6379
 * @param options what differs from the defaults and the environment
 * @returns both; the emitter is to be closed at the end
 * @throws TypeError as the constructors of both do; nothing is left open then
 */
export function createOrchestrator(
  updateRoomStatus: UpdateRoomStatus,
  rewardUser: RewardUser,
  redisUrl?: string,
  options: OrchestratorOptions = {},
): Orchestrator {
  const orchestrator = new OrchestratorService(
    (...line) => logEmitter.emitLog(...line),
    updateRoomStatus,
    rewardUser,
    options,
  );
  // After the orchestrator, whose options may be refused: this one opens a connection.
  const logEmitter = new LogEmitterService(redisUrl);
  return { orchestrator, logEmitter };
}
