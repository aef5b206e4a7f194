import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { CHANNEL_PATTERNS, KEY_PATTERN, sampleChannels, sampleKeys } from './names.ts';
import { problemOf, type RedisProblem } from './redis-problem.ts';

type Command = readonly [name: string, ...args: (string | number)[]];

/** A key that is left behind by a process that died expires. */
const EXPIRY_MS = 60_000;

/** Every command that BullMQ's scripts, the rate limits and this code use, with the keys of each kind. */
function commandsOn([key, ...others]: readonly [string, ...string[]]): Command[] {
  const [text, hash, list, set, sorted, stream] = ['text', 'hash', 'list', 'set', 'sorted', 'stream'].map(
    (type) => `${key}:${type}`,
  ) as [string, string, string, string, string, string];
  return [
    ['info'],
    ['ping'],
    ['del', text, hash, list, set, sorted, stream],
    ...others.flatMap((other): Command[] => [
      ['set', other, 1, 'PX', EXPIRY_MS],
      ['get', other],
      ['del', other],
    ]),
    ['set', text, 1],
    ['incr', text],
    ['incrby', text, 1],
    ['expire', text, EXPIRY_MS / 1_000],
    ['persist', text],
    ['pexpire', text, EXPIRY_MS],
    ['pttl', text],
    ['get', text],
    ['exists', text],
    ['hset', hash, 'a', 1],
    ['hmset', hash, 'b', 1],
    ['hincrby', hash, 'b', 1],
    ['hget', hash, 'a'],
    ['hmget', hash, 'a', 'b'],
    ['hgetall', hash],
    ['hexists', hash, 'a'],
    ['hdel', hash, 'a', 'b'],
    ['lpush', list, 'a', 'b'],
    ['llen', list],
    ['lrange', list, 0, 1],
    ['rpoplpush', list, list],
    ['ltrim', list, 0, 1],
    ['lrem', list, 0, 'a'],
    ['del', list],
    ['sadd', set, 'a'],
    ['scard', set],
    ['smembers', set],
    ['srem', set, 'a'],
    ['zadd', sorted, 1, 'a', 2, 'b', 3, 'c', 4, 'd'],
    ['zcard', sorted],
    ['zscore', sorted, 'a'],
    ['zrange', sorted, 0, 0],
    ['zrangebyscore', sorted, 0, 1],
    ['zrevrange', sorted, 0, 0],
    ['zrevrangebyscore', sorted, 1, 0],
    ['zpopmin', sorted],
    ['bzpopmin', sorted, 0.01],
    ['zrem', sorted, 'c'],
    ['zremrangebyrank', sorted, 0, 0],
    ['zremrangebyscore', sorted, 0, 9],
    ['xadd', stream, '*', 'a', 1],
    ['xtrim', stream, 'MAXLEN', 0],
    ['del', stream],
    ['eval', 'return 1', 1, text],
    ['evalsha', '0'.repeat(40), 1, text],
    ['del', text],
  ];
}

export type TryResult = {
  /** The answer to INFO, if it may be used. */
  info: string | null;
  /** What went wrong, without repetitions. */
  problems: RedisProblem[];
};

/**
 * Tries every command with every kind of key and channel, and finds all that is refused at once.
 * @param withSubscribe leaves the connection subscribed, so that it can do nothing else
 */
export async function tryRedis(
  client: Redis,
  prefix: string,
  { withSubscribe }: { withSubscribe: boolean },
): Promise<TryResult> {
  const id = randomUUID();
  const commands = commandsOn(sampleKeys(prefix, id));
  // The message reaches those who subscribe to the cancel channel. They ignore what is not the id of a workflow.
  const channels = sampleChannels(id);
  const publishes = channels.map((channel): Command => ['publish', channel, '{}']);
  const refusals = createRefusals();
  const run = async (command: Command): Promise<unknown> => {
    try {
      return await client.call(...(command as [string, ...string[]]));
    } catch (error) {
      refusals.add(command[0], error as Error);
      return null;
    }
  };
  const [info] = await Promise.all([...commands, ...publishes].map(run));
  if (withSubscribe) {
    await Promise.all(
      channels.map((channel) => client.subscribe(channel).catch((error) => refusals.add('subscribe', error))),
    );
  }
  return { info: typeof info === 'string' ? info : null, problems: refusals.problems(client.options.username) };
}

function createRefusals() {
  const denied = new Set<string>();
  const unknown = new Set<string>();
  const others = new Map<string, RedisProblem>();
  const patterns = new Set<string>();
  return {
    add(command: string, error: Error): void {
      const { message } = error;
      if (/NOSCRIPT/.test(message)) return;
      if (/NOPERM.*\bkeys?\b/i.test(message)) patterns.add(`keys that match ${KEY_PATTERN}`);
      else if (/NOPERM.*\bchannels?\b/i.test(message))
        patterns.add(`channels that match ${CHANNEL_PATTERNS.join(' and ')}`);
      else if (/NOPERM/.test(message)) denied.add(command.toUpperCase());
      else if (/unknown command/i.test(message)) unknown.add(command.toUpperCase());
      else {
        const problem = problemOf(error);
        others.set(problem.summary, problem);
      }
    },
    problems(user: string | undefined): RedisProblem[] {
      const found = [...others.values()];
      if (denied.size + patterns.size > 0) found.push(notAllowed([...denied], [...patterns], user || 'default'));
      if (unknown.size > 0) found.push(lacks([...unknown]));
      return found;
    },
  };
}

function notAllowed(commands: string[], patterns: string[], user: string): RedisProblem {
  const missing = [...(commands.length > 0 ? [`the commands ${commands.join(', ')}`] : []), ...patterns];
  const channels = CHANNEL_PATTERNS.map((pattern) => `&${pattern}`).join(' ');
  return {
    summary: `does not allow the service to use ${missing.join(', ')}`,
    advice: `Allow them: ACL SETUSER ${user} ~${KEY_PATTERN} ${channels} +@read +@write +@pubsub +@scripting +@connection +info`,
    isLasting: true,
  };
}

function lacks(commands: string[]): RedisProblem {
  return {
    summary: `has no command ${commands.join(', ')} (renamed, disabled or too old)`,
    advice: 'Use a Redis that has them: the service cannot be told other names.',
    isLasting: true,
  };
}
