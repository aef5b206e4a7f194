import { agentTarget } from '../agents/agent-target.ts';
import { ConnectionUrlError } from '../config/connection-url.ts';
import { parseRedisUrl } from '../config/redis-url.ts';
import { type AgentName, byAgent, DEFAULT_AGENT_TIMEOUTS_MS } from '../orchestrator/domain/agents.ts';
import { DEFAULT_RETRY_POLICY, MAX_TIMER_MS, RETRY_BOUNDS } from '../orchestrator/domain/retry-policy.ts';
import type { OrchestratorOptions, Settings } from './options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where each agent is expected by default. */
const DEFAULT_AGENT_URLS: Record<AgentName, string> = {
  story: 'http://localhost:3002',
  asset: 'http://localhost:3003',
  code: 'http://localhost:3004',
  deploy: 'http://localhost:3005',
};
const DEFAULT_REDIS_URL = 'redis://localhost:6379';

/** A number's bounds. They are the same as the service's. */
type Bounds = { min: number; max: number; whole: boolean };
const ATTEMPTS: Bounds = { ...RETRY_BOUNDS.maxAttempts, whole: true };
const FACTOR: Bounds = { ...RETRY_BOUNDS.multiplier, whole: false };
const WAIT_MS: Bounds = { ...RETRY_BOUNDS.delayMs, whole: true };
const LIMIT_MS: Bounds = { min: 1, max: MAX_TIMER_MS, whole: true };

/**
 * Settings of an orchestrator: its options, then the environment, then the defaults.
 * @throws {TypeError} that names every invalid option and variable, without its value, which may hold a password
 */
export function orchestratorSettings(options: OrchestratorOptions, env: Environment): Settings {
  const problems: string[] = [];
  /** Callers without types may pass anything. */
  const part = <T extends object>(given: T | undefined, path: string): Partial<T> => {
    if (given === undefined || (typeof given === 'object' && given !== null)) return given ?? {};
    problems.push(`${path}: must be an object`);
    return {};
  };
  const given = part(options, 'options');
  const agentsGiven = part(given.agents, 'agents');
  const retry = part(given.retry, 'retry');
  const number = (option: number | undefined, path: string, variable: string, fallback: number, bounds: Bounds) => {
    const text = textOf(env, variable);
    const value = option ?? (text === undefined ? fallback : parseNumber(text, bounds));
    if (isWithin(value, bounds, option !== undefined)) return value;
    const kind = bounds.whole && (option === undefined || bounds === ATTEMPTS) ? 'a whole number' : 'a number';
    problems.push(`${option === undefined ? variable : path}: must be ${kind} from ${bounds.min} to ${bounds.max}`);
    return fallback;
  };
  const agent = (name: AgentName) => {
    const { url: option = '', timeoutMs } = part(agentsGiven[name], `agents.${name}`);
    const variable = `${name.toUpperCase()}_AGENT_URL`;
    const url = option || (textOf(env, variable) ?? DEFAULT_AGENT_URLS[name]);
    if (!isAgentUrl(url)) problems.push(`${option ? `agents.${name}.url` : variable}: must be an http or https URL`);
    const path = `agents.${name}.timeoutMs`;
    const limit = `${name.toUpperCase()}_AGENT_TIMEOUT_MS`;
    return { url, timeoutMs: number(timeoutMs, path, limit, DEFAULT_AGENT_TIMEOUTS_MS[name], LIMIT_MS) };
  };
  const retryNumber = (field: keyof typeof DEFAULT_RETRY_POLICY, variable: string, bounds: Bounds) =>
    number(retry[field], `retry.${field}`, variable, DEFAULT_RETRY_POLICY[field], bounds);

  const agents = byAgent(agent);
  const policy = {
    maxAttempts: retryNumber('maxAttempts', 'RETRY_MAX_ATTEMPTS', ATTEMPTS),
    initialDelayMs: retryNumber('initialDelayMs', 'RETRY_INITIAL_DELAY_MS', WAIT_MS),
    multiplier: retryNumber('multiplier', 'RETRY_BACKOFF_MULTIPLIER', FACTOR),
    maxDelayMs: retryNumber('maxDelayMs', 'RETRY_MAX_DELAY_MS', WAIT_MS),
  };
  if (problems.length > 0) throw new TypeError(problems.join('; '));
  return { agents, policy };
}

/**
 * The Redis to publish to: the argument, then REDIS_URL, then redis://localhost:6379. Empty counts as unset.
 * @throws {TypeError} for what the service's REDIS_URL does not take either; the message does not contain the URL
 */
export function redisUrlOf(given: string | undefined, env: Environment): string {
  const url = given?.trim() || (textOf(env, 'REDIS_URL') ?? DEFAULT_REDIS_URL);
  try {
    parseRedisUrl(url);
    return url;
  } catch (error) {
    if (!(error instanceof ConnectionUrlError)) throw error;
    const name = given?.trim() ? 'redisUrl' : 'REDIS_URL';
    throw new TypeError(`${name}: must be a URL like redis://host:6379; it ${error.message}`);
  }
}

function textOf(env: Environment, variable: string): string | undefined {
  return env[variable]?.trim() || undefined;
}

function parseNumber(text: string, { whole }: Bounds): number {
  return (whole ? /^\d+$/ : /^\d+(\.\d+)?$/).test(text) ? Number(text) : Number.NaN;
}

/** A duration given as an option may have a fraction; a number of attempts may not. */
function isWithin(value: number, { min, max, whole }: Bounds, isOption: boolean): boolean {
  const fits = typeof value === 'number' && value >= min && value <= max;
  return fits && (!whole || Number.isInteger(value) || (isOption && max !== ATTEMPTS.max));
}

function isAgentUrl(url: string): boolean {
  try {
    agentTarget(url, '/');
    return true;
  } catch {
    return false;
  }
}
