import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { PubSub } from '../orchestrator/ports/pubsub.ts';
import { sampleChannels, sampleKeys } from './names.ts';
import type { PubSubConnections } from './pubsub-connections.ts';
import { mayReconnectingHelp, problemOf, type RedisProblem } from './redis-problem.ts';
import { tryRedis } from './try-redis.ts';

/** How often it is tried whether Redis works. */
const INTERVAL_MS = 2_000;
/** An answer, or a message, that takes longer counts as missing. */
const ANSWER_TIMEOUT_MS = 1_500;
/** By a script, as jobs are written. */
const WRITE = "return redis.call('SET', KEYS[1], 1, 'EX', 60)";
/** A busy process may be late. */
const MISSED_MESSAGES = 2;

const UNREACHABLE = problemOf(new Error('closed'));
const LOADING = problemOf(new Error('LOADING'));
const DELIVERS_NOTHING: RedisProblem = {
  summary: 'accepts messages but does not deliver them',
  advice: 'The process reconnects. Check that all its connections reach the same server.',
  isLasting: false,
};

export type RedisWatch = {
  /** Why Redis cannot be used now; null: it works. */
  problem(): RedisProblem | null;
  /** Reports an error of any connection. Lasts until Redis has proved that it works. */
  failed(error: Error): void;
  close(): void;
};

/**
 * Tries every two seconds whether Redis works: a key can be written, and a message arrives. Where it turns out that these
 * connections reach a server that is no longer the primary, they are opened again.
 * @param deps.known what a check before found out; null: Redis works
 * @param deps.onProblem called once in an outage for each different reason, with the error that showed it
 * @param deps.onRecovered called at the end of an outage
 */
export function watchRedis(deps: {
  connections: PubSubConnections;
  pubsub: PubSub;
  prefix: string;
  known: RedisProblem | null;
  onProblem: (problem: RedisProblem, error: Error | null) => void;
  onRecovered: () => void;
}): RedisWatch {
  const { connections, pubsub } = deps;
  const { publisher, subscriber } = connections;
  const id = randomUUID();
  const channel = sampleChannels(id).at(-1) ?? '';
  const [key] = sampleKeys(deps.prefix, id);
  const closing = new AbortController();
  const reported = new Set<string>();
  let current: RedisProblem | null = null;
  /** A refusal that is not reported yet. */
  let suspicion: Error | null = null;
  let failures = 0;
  let isDemoted = false;
  let missed = 0;
  let reconnectedAt = Number.NEGATIVE_INFINITY;
  let received: unknown = null;
  let onReceived = () => {};
  let wake = () => {};

  function report(problem: RedisProblem, error: Error | null): void {
    current = problem;
    suspicion = null;
    if (reported.has(problem.summary)) return;
    reported.add(problem.summary);
    deps.onProblem(problem, error);
  }

  function recovered(): void {
    if (current === null) return;
    current = null;
    reported.clear();
    deps.onRecovered();
  }

  function reconnect(): void {
    if (performance.now() - reconnectedAt < INTERVAL_MS) return;
    reconnectedAt = performance.now();
    for (const client of [publisher, subscriber]) if (client.status === 'ready') client.disconnect(true);
  }

  async function isDelivered(): Promise<boolean> {
    const message = randomUUID();
    const arrived = new Promise<boolean>((resolve) => {
      onReceived = () => received === message && resolve(true);
    });
    pubsub.publish(channel, message);
    return await Promise.race([arrived, late().then(() => false)]);
  }

  async function tryOnce(): Promise<void> {
    const failuresBefore = failures;
    if (!(await isReady(publisher)))
      return report(current ?? (publisher.status === 'connect' ? LOADING : UNREACHABLE), null);
    if (current !== null || suspicion !== null || missed >= MISSED_MESSAGES) {
      const [problem] = (await tryRedis(publisher, deps.prefix, { withSubscribe: false })).problems;
      if (problem !== undefined) return report(problem, suspicion);
    }
    if (suspicion !== null) return report(problemOf(suspicion), suspicion);
    const written = await Promise.race([publisher.eval(WRITE, 1, key), late()]);
    if (written === undefined) throw new Error('Command timed out');
    missed = (await isDelivered()) ? 0 : missed + 1;
    if (missed > MISSED_MESSAGES) {
      missed = 0;
      reconnect();
      return report(DELIVERS_NOTHING, null);
    }
    if (missed > 0 || failures > failuresBefore) return;
    // It may have been reconnected too early, and a replica answers a subscriber as well.
    if (isDemoted) subscriber.disconnect(true);
    isDemoted = false;
    recovered();
  }

  function failed(error: Error): void {
    if (closing.signal.aborted) return;
    const problem = problemOf(error);
    failures += 1;
    if (problem.isLasting && error.name === 'ReplyError' && publisher.status === 'ready') {
      // More may be refused than this: it is reported together.
      suspicion ??= error;
      if (current === null) wake();
      return;
    }
    report(problem, error);
    // The same server answers the subscriber, which cannot find out by itself.
    if (!mayReconnectingHelp(error)) return;
    isDemoted = true;
    reconnect();
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await tryOnce().catch(failed);
      if (suspicion !== null && current === null) continue;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([
        woken,
        sleep(INTERVAL_MS, undefined, { ref: false, signal: closing.signal }).catch(() => {}),
      ]);
    }
  }

  if (deps.known !== null) report(deps.known, null);
  void pubsub.subscribe(channel, (message) => {
    received = message;
    onReceived();
  });
  void run();

  return { problem: () => current, failed, close: () => closing.abort() };
}

async function late(): Promise<undefined> {
  await sleep(ANSWER_TIMEOUT_MS, undefined, { ref: false });
  // After a pause of this process, timers come before what has arrived meanwhile.
  await nextTurn();
}

/** Waits for a connection that is being opened. */
async function isReady(client: Redis): Promise<boolean> {
  if (client.status === 'ready') return true;
  const { promise, resolve } = Promise.withResolvers<void>();
  client.once('ready', resolve);
  await Promise.race([promise, late()]);
  client.off('ready', resolve);
  return (client.status as string) === 'ready';
}
