import fc, { type Scheduler } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines } from '../../../src/logs/read-lines.ts';
import { readRows } from '../../../src/logs/read-rows.ts';
import type { LogLine } from '../../../src/orchestrator/domain/log-line.ts';
import type { PipeableIterator } from '../../../src/orchestrator/ports/log.ts';
import { createWorld, type Fate, ROOM, type World } from './scheduled-world.ts';

const CLIENTS = 3;
/** Lines that a socket accepts before it has to drain. */
const SOCKET_CAPACITY = 2;
const RUNS = { numRuns: 80 };

type Act =
  | { type: 'append'; fates: Fate[] }
  | { type: 'connect' | 'leave'; client: number; from: number }
  | { type: 'unknown message' | 'poll' | 'redis fails' | 'redis back' | 'postgres fails' | 'postgres back' };
const FAILURES = ['poll', 'redis fails', 'redis back', 'postgres fails', 'postgres back'] as const;
/** `pause`: how many of the pending events happen before the next act. */
type Step = { act: Act; pause: number };

function steps(fate: fc.Arbitrary<Fate>, others: readonly Act['type'][]): fc.Arbitrary<Step[]> {
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('append' as const),
        fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constantFrom('connect' as const, 'leave' as const),
        client: fc.nat(CLIENTS - 1),
        from: fc.nat(6),
      }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constantFrom(...others) }) as fc.Arbitrary<Act> },
  );
  return fc.array(fc.record({ act, pause: fc.nat(8) }), { maxLength: 14, size: 'max' });
}

/** How a client receives lines. `isCurrent` until it has left. */
type Consume = (lines: PipeableIterator<LogLine>, took: (line: LogLine) => void, isCurrent: () => boolean) => void;

/** Requests one line after the other, and pauses after each. */
const byRequest =
  (think: () => Promise<void>): Consume =>
  async (lines, took) => {
    for await (const line of lines) {
      took(line);
      await think();
    }
  };

/** Pipes lines into a socket until it is full, and continues when it has drained. */
const bySocket =
  (drained: () => Promise<void>): Consume =>
  (lines, took, isCurrent) => {
    let buffered = 0;
    const isReady = () => buffered < SOCKET_CAPACITY;
    const drain = async () => {
      await drained();
      buffered = 0;
      if (isCurrent()) flow.resume();
    };
    const take = (line: LogLine) => {
      // A line written while it is full is lost.
      if (isReady()) took(line);
      buffered += 1;
      if (!isReady()) void drain();
    };
    const flow = lines.pipeTo({ isReady, write: take, end: () => undefined });
  };

/** A client that leaves and comes back, each time with the last `seq` it saw. */
function createClient(world: World, consume: Consume) {
  let from: number | null = null;
  let session: PipeableIterator<LogLine> | null = null;
  const seen: number[] = [];
  return {
    seen,
    start: () => from,
    connect(first: number) {
      if (session !== null) return;
      from ??= Math.min(first, world.lines.length);
      const after = seen.at(-1) ?? from;
      const lines = readLines(world, {
        roomId: ROOM,
        after,
        upTo: Number.POSITIVE_INFINITY,
        workflowOfRemoved: () => 'removed',
      });
      session = lines;
      const isCurrent = () => session === lines;
      const took = (line: LogLine) => {
        if (isCurrent()) seen.push(line.seq);
      };
      consume(lines, took, isCurrent);
    },
    leave() {
      void session?.return?.();
      session = null;
    },
  };
}

async function run(scheduler: Scheduler, plan: Step[], perform: (act: Act) => void): Promise<void> {
  for (const { act, pause } of plan) {
    perform(act);
    for (let happened = 0; happened < pause && scheduler.count() > 0; happened++) await scheduler.waitOne();
  }
}

function performIn(world: World, act: Act): void {
  if (act.type === 'append') for (const fate of act.fates) world.append(fate);
  if (act.type === 'unknown message') world.publishUnknown();
  if (act.type === 'poll') world.poll();
  if (act.type === 'redis fails') world.redis('unavailable');
  if (act.type === 'redis back') world.redis('back');
  if (act.type === 'postgres fails') world.postgres('unavailable');
  if (act.type === 'postgres back') world.postgres('back');
}

async function playLines(scheduler: Scheduler, plan: Step[], settle: (world: World) => void): Promise<void> {
  const world = createWorld(scheduler);
  const event = (name: string) => scheduler.schedule(Promise.resolve(), name);
  const consumers = [
    byRequest(() => event('thinks')),
    byRequest(async () => undefined),
    bySocket(() => event('drained')),
  ];
  const clients = consumers.map((consume) => createClient(world, consume));
  await run(scheduler, plan, (act) => {
    performIn(world, act);
    if (act.type === 'connect') clients[act.client]?.connect(act.from);
    if (act.type === 'leave') clients[act.client]?.leave();
  });
  for (const client of clients) client.connect(0);
  settle(world);
  await scheduler.waitIdle();
  for (const client of clients) {
    expect(client.seen).toEqual(world.lines.map(({ seq }) => seq).slice(client.start() ?? 0));
    client.leave();
  }
  await scheduler.waitIdle();
  expect({ ...world.hub.stats(), ...world.retained() }).toEqual({ feeds: 0, watchers: 0, subscriptions: 0, timers: 0 });
}

describe('readers that come and go while lines are written', () => {
  test('each reader receives every line after its start once, in order, by the first poll after the last failure', async () => {
    const plan = steps(fc.constantFrom('once', 'twice', 'lost'), ['unknown message', ...FAILURES]);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, (scheduler, steps) =>
        playLines(scheduler, steps, (world) => {
          world.postgres('back');
          world.poll();
        }),
      ),
      RUNS,
    );
  });

  test('readers need no poll while messages are only late, duplicated or reordered', async () => {
    const plan = steps(fc.constantFrom('once', 'twice'), ['unknown message']);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, (scheduler, steps) => playLines(scheduler, steps, () => undefined)),
    );
  });

  test('readers need no poll to receive what was lost while Redis was unavailable', async () => {
    const plan = steps(fc.constant('once'), ['redis fails', 'redis back']);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, (scheduler, steps) =>
        playLines(scheduler, steps, (world) => world.redis('back')),
      ),
      RUNS,
    );
  });
});

describe('a watcher of a row that changes together with lines of the orchestrator', () => {
  type Row = { version: number; isDone: boolean };

  /** The row's last change happens between the plan's two halves. */
  async function playRows(scheduler: Scheduler, plan: [Step[], Step[]], settle: (world: World) => void): Promise<void> {
    const world = createWorld(scheduler);
    let row: Row = { version: 1, isDone: false };
    const change = (fate: Fate, isDone: boolean) => {
      row = { version: row.version + 1, isDone };
      world.append(fate, { agentType: 'orchestrator' });
    };
    const perform = (act: Act) => {
      if (act.type === 'append') {
        // An agent's line does not change the row.
        for (const fate of act.fates) fate === 'twice' || row.isDone ? world.append(fate) : change(fate, false);
      } else performIn(world, act);
    };
    let sent = 0;
    const rows = readRows(world.hub, ROOM, async () => {
      const { version, isDone } = await world.query('row', () => row);
      const items = version > sent ? [version] : [];
      sent = version;
      return { items, isDone };
    });
    const seen: number[] = [];
    const watching = (async () => {
      for await (const version of rows) seen.push(version);
    })();

    await run(scheduler, plan[0], perform);
    change('once', true);
    await run(scheduler, plan[1], perform);
    settle(world);
    await scheduler.waitFor(watching);

    expect(seen.at(-1)).toBe(row.version);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    await scheduler.waitIdle();
    expect({ ...world.hub.stats(), ...world.retained() }).toEqual({
      feeds: 0,
      watchers: 0,
      subscriptions: 0,
      timers: 0,
    });
  }

  test('a watched row only moves forward and reaches its end by the first poll after the last failure', async () => {
    const plan = steps(fc.constantFrom('once', 'twice', 'lost'), FAILURES);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.tuple(plan, plan), (scheduler, steps) =>
        playRows(scheduler, steps, (world) => {
          world.postgres('back');
          world.redis('back');
          world.poll();
        }),
      ),
      RUNS,
    );
  });

  test('a watched row needs no poll while messages are only late or reordered', async () => {
    const plan = steps(fc.constantFrom('once', 'twice'), ['unknown message']);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.tuple(plan, plan), (scheduler, steps) =>
        playRows(scheduler, steps, () => undefined),
      ),
      RUNS,
    );
  });
});
