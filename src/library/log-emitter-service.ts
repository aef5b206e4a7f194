import { env } from 'node:process';
import type { AgentType } from '../orchestrator/domain/agents.ts';
import { type LogLevel, logChannel } from '../orchestrator/domain/log-line.ts';
import { agentLogText } from './log-entry.ts';
import { createRedisOutbox, type RedisOutbox } from './redis-outbox.ts';
import { redisUrlOf } from './settings.ts';

/**
 * Publishes rooms' log lines by Redis pub/sub, for those who stream them to browsers (requirements 5.1 and 5.2).
 *
 * Redis need not be there, now or later: up to 10,000 lines (and 32 Mi characters) are kept for when it is back, the
 * oldest give way to newer ones, and `droppedLines` counts those. Lines of one room arrive in the order of their
 * emitting; up to 256 that were on their way when a connection broke are sent again, so those may arrive twice.
 */
export class LogEmitterService {
  readonly #outbox: RedisOutbox;
  #unwritable = 0;

  /**
   * Connects in the background.
   * @param redisUrl a redis:// or rediss:// URL; unless given (empty counts as not given) REDIS_URL, then
   *   redis://localhost:6379
   * @throws TypeError when it is no such URL; the message does not repeat it
   */
  constructor(redisUrl?: string) {
    this.#outbox = createRedisOutbox(redisUrlOf(redisUrl, env));
  }

  /**
   * Publishes a line on `room:{roomId}:logs` as JSON, see `AgentLog`. Settles when Redis has it, and within 10 ms all
   * the same when Redis is slow or away. Never rejects. After `close` the line is dropped.
   * @param roomId whose log it is; part of the channel's name
   * @param agentType whose line it is
   * @param level how much it matters
   * @param message for people
   * @param metadata for programs. What JSON cannot hold becomes text; what is no object is kept in one, as its `value`.
   */
  async emitLog(
    roomId: string,
    agentType: AgentType,
    level: LogLevel,
    message: string,
    metadata?: unknown,
  ): Promise<void> {
    try {
      const text = agentLogText({ agentType, level, message, metadata: metadata ?? null });
      await this.#outbox.add(logChannel(roomId), text);
    } catch {
      // Arguments of which nothing can be written, from a caller without types.
      this.#unwritable += 1;
    }
  }

  /** Lines that nobody will get: pushed out while Redis was away, refused by it, or emitted after `close`. */
  get droppedLines(): number {
    return this.#outbox.dropped() + this.#unwritable;
  }

  /**
   * Gives the lines that are kept a second to go out, then lets go of the connection; nothing of it keeps the process
   * alive after that. Never rejects; calling it again changes nothing.
   */
  close(): Promise<void> {
    return this.#outbox.close();
  }
}
