import type { Scheduler } from 'fast-check';
import type { ReaderLimits } from '../../../src/logs/feed.ts';
import { createHub, type Hub } from '../../../src/logs/hub.ts';
import { encodeLogLine } from '../../../src/logs/log-line-codec.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';

export const ROOM = '01890000-0000-7000-8000-00000000000a';
const WORKFLOW = '01890000-0000-7000-8000-0000000000aa';
/** Small, so that a few lines fill several pages and let readers fall behind. */
const LIMITS: ReaderLimits = { pageLines: 3, bufferedLines: 2 };

/** How often a line's message arrives. */
export type Fate = 'once' | 'twice' | 'lost';

/** A Postgres, a Redis and a clock whose events happen when, and in the order that, the scheduler decides. */
export type World = {
  hub: Hub;
  logs: LogReader;
  limits: ReaderLimits;
  lines: LogLine[];
  append(fate: Fate, line?: Partial<LogLine>): void;
  /** Publishes something on the room's channel that is not a line of the service. */
  publishUnknown(): void;
  redis(state: 'unavailable' | 'back'): void;
  postgres(state: 'unavailable' | 'back'): void;
  /** The hub's poll, if it is armed. */
  poll(): void;
  /** Runs a read of Postgres. Its snapshot is taken some time after it began, and the result arrives some time later. */
  query<T>(name: string, snapshot: () => T): Promise<T>;
  /** The subscriptions and timers that the hub has open. */
  retained(): { subscriptions: number; timers: number };
};

export function createWorld(scheduler: Scheduler): World {
  const lines: LogLine[] = [];
  const handlers = new Map<string, (message: unknown) => void>();
  const reconnected: (() => void)[] = [];
  const timers = new Set<() => void>();
  let isRedisDown = false;
  let isPostgresDown = false;

  const event = (name: string) => scheduler.schedule(Promise.resolve(), name);

  async function query<T>(name: string, snapshot: () => T): Promise<T> {
    await event(`${name} begins`);
    if (isPostgresDown) throw new Error('Postgres is unavailable');
    const answer = snapshot();
    await event(`${name} answers`);
    if (isPostgresDown) throw new Error('Postgres is unavailable');
    return answer;
  }

  async function deliver(message: unknown): Promise<void> {
    const wasDown = isRedisDown;
    await event('message arrives');
    if (!wasDown && !isRedisDown) handlers.get(`room:${ROOM}:logs`)?.(message);
  }

  const logs: LogReader = {
    heads: (ids) => query('heads', () => new Map(ids.map((id) => [id, lines.length]))),
    readAfter: (_room, after, limit) => query(`page after ${after}`, () => lines.slice(after, after + limit)),
  };

  const hub = createHub({
    logs,
    pubsub: {
      async subscribe(channel, handler) {
        await event('acknowledged');
        // Only from here on: as with graphql-redis-subscriptions, messages that arrive with the answer are dropped.
        handlers.set(channel, handler);
        return () => {
          // A later subscription may have replaced the handler; as in Redis, there is one channel.
          if (handlers.get(channel) === handler) handlers.delete(channel);
        };
      },
      onReconnect: (listener) => void reconnected.push(listener),
    },
    limits: LIMITS,
    onError: () => undefined,
    setTimer: (_ms, task) => {
      timers.add(task);
      return () => void timers.delete(task);
    },
  });

  return {
    hub,
    logs,
    limits: LIMITS,
    lines,
    append(fate, line) {
      const seq = lines.length + 1;
      const whole: LogLine = {
        id: logCursor(ROOM, seq),
        seq,
        roomId: ROOM,
        workflowId: WORKFLOW,
        timestamp: new Date(1_760_000_000_000 + seq),
        agentType: 'story',
        level: 'info',
        message: `line ${seq}`,
        metadata: null,
        ...line,
      };
      lines.push(whole);
      const copies = { once: 1, twice: 2, lost: 0 }[fate];
      for (let copy = 0; copy < copies; copy++) void deliver(encodeLogLine(whole));
    },
    publishUnknown: () => void deliver({ level: 'info', message: 'no id, no seq' }),
    redis(state) {
      isRedisDown = state === 'unavailable';
      if (state === 'unavailable') return;
      void event('subscribed again').then(() => {
        for (const listener of isRedisDown ? [] : reconnected) listener();
      });
    },
    postgres(state) {
      isPostgresDown = state === 'unavailable';
    },
    poll() {
      for (const task of [...timers]) {
        timers.delete(task);
        task();
      }
    },
    query,
    retained: () => ({ subscriptions: handlers.size, timers: timers.size }),
  };
}
