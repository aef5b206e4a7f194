import type { RewardUser, UpdateRoomStatus } from './callbacks.ts';
import { LogEmitterService } from './log-emitter-service.ts';
import type { OrchestratorOptions } from './options.ts';
import { OrchestratorService } from './orchestrator-service.ts';

/** An orchestrator, and the emitter that publishes its log. */
export type Orchestrator = {
  orchestrator: OrchestratorService;
  /** To be closed at the end: its connection keeps the process alive. */
  logEmitter: LogEmitterService;
};

/**
 * An orchestrator whose rooms' logs go to Redis.
 * @param redisUrl as for `LogEmitterService`. @default REDIS_URL, then redis://localhost:6379
 * @throws {TypeError} as the constructors of both do; nothing is left open then
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
