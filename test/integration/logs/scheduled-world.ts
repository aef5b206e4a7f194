import type { Scheduler } from 'fast-check';
import type { LogLimits } from '../../../src/logs/feed.ts';
import { createHub, type Hub } from '../../../src/logs/hub.ts';
import { encodeLogLine } from '../../../src/logs/log-line-codec.ts';
import { logCursor } from '../../../src/orchestrator/domain/cursor.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { LogReader } from '../../../src/orchestrator/ports/log.ts';

export const ROOM = '01890000-0000-7000-8000-00000000000a';
const WORKFLOW = '01890000-0000-7000-8000-0000000000aa';
/** Small, so that a few lines fill several pages and let readers fall behind. */
const LIMITS: LogLimits = { pageLines: 3, bufferedLines: 2 };

/** What becomes of a line's message on its way; two arrive when it is sent twice. */
export type Fate = 'once' | 'twice' | 'lost';

/** A Postgres, a Redis and a clock of which the scheduler decides when anything happens, and in which order. */
export type World = {
  hub: Hub;
  logs: LogReader;
  limits: LogLimits;
  lines: LogLine[];
  append(fate: Fate, line?: Partial<LogLine>): void;
  /** Something on the room's channel that is no line of ours. */
  publishForeign(): void;
  redis(state: 'away' | 'back'): void;
  postgres(state: 'away' | 'back'): void;
  /** The hub's poll, if it is armed. */
  poll(): void;
  /** Runs a read of Postgres: its snapshot is taken some time after it began, its answer comes some time later. */
  query<T>(name: string, snapshot: () => T): Promise<T>;
  /** What is held outside the hub. */
  held(): { subscriptions: number; timers: number };
};

export function createWorld(scheduler: Scheduler): World {
  const lines: LogLine[] = [];
  const handlers = new Map<string, (message: unknown) => void>();
  const reconnected: (() => void)[] = [];
  const timers = new Set<() => void>();
  let isRedisAway = false;
  let isPostgresAway = false;

  const event = (name: string) => scheduler.schedule(Promise.resolve(), name);

  async function query<T>(name: string, snapshot: () => T): Promise<T> {
    await event(`${name} begins`);
    if (isPostgresAway) throw new Error('Postgres is away');
    const answer = snapshot();
    await event(`${name} answers`);
    if (isPostgresAway) throw new Error('Postgres is away');
    return answer;
  }

  async function deliver(message: unknown): Promise<void> {
    const wasAway = isRedisAway;
    await event('message arrives');
    if (!wasAway && !isRedisAway) handlers.get(`room:${ROOM}:logs`)?.(message);
  }

  const logs: LogReader = {
    heads: (ids) => query('heads', () => new Map(ids.map((id) => [id, lines.length]))),
    readAfter: (_room, after, limit) => query(`page after ${after}`, () => lines.slice(after, after + limit)),
  };

  const hub = createHub({
    logs,
    channels: {
      async subscribe(channel, handler) {
        await event('acknowledged');
        // Only from here on, as with the library: what arrives together with the answer is dropped.
        handlers.set(channel, handler);
        return () => {
          // A later subscription has replaced the handler; as in Redis, the channel is one.
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
    publishForeign: () => void deliver({ level: 'info', message: 'no id, no seq' }),
    redis(state) {
      isRedisAway = state === 'away';
      if (state === 'away') return;
      void event('subscribed again').then(() => {
        for (const listener of isRedisAway ? [] : reconnected) listener();
      });
    },
    postgres(state) {
      isPostgresAway = state === 'away';
    },
    poll() {
      for (const task of [...timers]) {
        timers.delete(task);
        task();
      }
    },
    query,
    held: () => ({ subscriptions: handlers.size, timers: timers.size }),
  };
}
