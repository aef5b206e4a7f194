import { env } from 'node:process';
import type { AgentType } from '../orchestrator/domain/agents.ts';
import { type LogLevel, logChannel } from '../orchestrator/domain/log-line.ts';
import { encodeAgentLog } from './log-entry.ts';
import { createRedisOutbox, type RedisOutbox } from './redis-outbox.ts';
import { redisUrlOf } from './resolve-settings.ts';

/**
 * Publishes rooms' log lines over Redis pub/sub, for programs that stream them to browsers.
 *
 * Redis may be unavailable at any time. Up to 10,000 lines (and 32 Mi characters) are kept until it is back; after that
 * the oldest lines are dropped, and `droppedLines` counts them. Lines of one room arrive in the order in which they were
 * emitted. When a connection breaks, up to 256 unconfirmed lines are sent again, so those may arrive twice.
 */
export class LogEmitterService {
  readonly #outbox: RedisOutbox;
  #unwritable = 0;

  /**
   * Connects in the background.
   * @param redisUrl a URL in any form that the service's REDIS_URL takes. If missing or empty: REDIS_URL, then redis://localhost:6379
   * @throws TypeError for any other URL; the message does not contain the URL
   */
  constructor(redisUrl?: string) {
    this.#outbox = createRedisOutbox(redisUrlOf(redisUrl, env));
  }

  /**
   * Publishes a line on `room:{roomId}:logs` as JSON, see `AgentLog`. Settles when Redis has received it, and within
   * 10 ms even if Redis is slow or unavailable. Never rejects. After `close` the line is dropped.
   * @param roomId the room whose log the line belongs to; part of the channel's name
   * @param agentType who wrote the line
   * @param level the line's severity
   * @param message text for people
   * @param metadata data for programs. Values that JSON cannot represent become text; anything but an object is wrapped
   *   in one, as its `value`.
   */
  async emitLog(
    roomId: string,
    agentType: AgentType,
    level: LogLevel,
    message: string,
    metadata?: unknown,
  ): Promise<void> {
    try {
      const text = encodeAgentLog({ agentType, level, message, metadata: metadata ?? null });
      await this.#outbox.add(logChannel(roomId), text);
    } catch {
      // A caller without types passed arguments that cannot be encoded at all.
      this.#unwritable += 1;
    }
  }

  /** Lines that will reach no subscriber: dropped while Redis was unavailable, refused by Redis, or emitted after `close`. */
  get droppedLines(): number {
    return this.#outbox.dropped() + this.#unwritable;
  }

  /**
   * Waits up to a second for the kept lines to be sent, then closes the connection, which no longer keeps the process
   * alive. Never rejects. Calling it again changes nothing.
   */
  close(): Promise<void> {
    return this.#outbox.close();
  }
}
