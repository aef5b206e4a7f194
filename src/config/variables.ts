import { z } from 'zod';
import { DEFAULT_AGENT_TIMEOUTS_MS } from '../orchestrator/domain/agents.ts';
import { DEFAULT_RETRY_POLICY, RETRY_BOUNDS } from '../orchestrator/domain/retry-policy.ts';
import { agentBehaviour } from './agent-behaviour.ts';
import {
  agentUrl,
  decimal,
  host,
  httpUrl,
  integer,
  milliseconds,
  oneOf,
  onOff,
  origins,
  postgresUrl,
  publicUrl,
  redisUrl,
  secret,
} from './value-schemas.ts';

/** `all`: API and workers in one process. */
export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** How much of the server's own log is written; `silent`: nothing. */
export const SERVER_LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type ServerLogLevel = (typeof SERVER_LOG_LEVELS)[number];

const timeout = (defaultMs: number) => milliseconds(1).prefault(String(defaultMs));
const concurrency = () => integer(1, 10_000).prefault('50');
const globalConcurrency = () => orNull(integer(1, 1_000_000));
const ratePerMinute = () => orNull(integer(1, 1_000_000));
/**
 * For what is off, built in, or worked out from others while it is unset. The cast: while T is open, zod cannot see
 * that null is one of the outputs.
 */
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().default(null as never);

/**
 * Every variable that is read: what it may be, and its default as one would write it (null: none). What each means
 * stands in .env.example, which a test compares with this list.
 *
 * The bounds catch a slipped digit; none is a promise.
 */
export const VARIABLES = {
  PORT: integer(0, 65_535).prefault('4000'),
  HOST: host.prefault('127.0.0.1'),
  PUBLIC_URL: orNull(publicUrl),
  CORS_ORIGINS: orNull(origins),
  GRAPHIQL: orNull(onOff),
  INTROSPECTION: orNull(onOff),
  ALLOW_LOCAL_VIEWER: onOff.prefault('off'),
  AUTH_JWT_SECRET: orNull(secret(32)),
  AUTH_JWKS_URL: orNull(httpUrl),
  AUTH_ISSUER: orNull(z.string()),
  AUTH_AUDIENCE: orNull(z.string()),
  RATE_LIMIT_STARTS_PER_MINUTE: orNull(integer(0, 1_000_000)),
  RATE_LIMIT_OPERATIONS_PER_MINUTE: orNull(integer(0, 1_000_000)),
  MAX_SOCKETS_PER_VIEWER: orNull(integer(0, 1_000_000)),
  TRUSTED_PROXIES: integer(0, 10).prefault('0'),
  ROLE: oneOf(ROLES).prefault('all'),
  SHUTDOWN_GRACE_MS: milliseconds(0).prefault('30000'),
  LOG_LEVEL: oneOf(SERVER_LOG_LEVELS).prefault('info'),
  NODE_ENV: orNull(z.string()),

  DATA_DIR: z.string().prefault('.data'),
  DATABASE_URL: orNull(postgresUrl),
  REDIS_URL: orNull(redisUrl),

  STORY_AGENT_URL: orNull(agentUrl),
  ASSET_AGENT_URL: orNull(agentUrl),
  CODE_AGENT_URL: orNull(agentUrl),
  DEPLOY_AGENT_URL: orNull(agentUrl),
  STORY_AGENT_TIMEOUT_MS: timeout(DEFAULT_AGENT_TIMEOUTS_MS.story),
  ASSET_AGENT_TIMEOUT_MS: timeout(DEFAULT_AGENT_TIMEOUTS_MS.asset),
  CODE_AGENT_TIMEOUT_MS: timeout(DEFAULT_AGENT_TIMEOUTS_MS.code),
  DEPLOY_AGENT_TIMEOUT_MS: timeout(DEFAULT_AGENT_TIMEOUTS_MS.deploy),
  STORY_AGENT_BEHAVIOUR: orNull(agentBehaviour),
  ASSET_AGENT_BEHAVIOUR: orNull(agentBehaviour),
  CODE_AGENT_BEHAVIOUR: orNull(agentBehaviour),
  DEPLOY_AGENT_BEHAVIOUR: orNull(agentBehaviour),
  STORY_AGENT_CONCURRENCY: concurrency(),
  ASSET_AGENT_CONCURRENCY: concurrency(),
  CODE_AGENT_CONCURRENCY: concurrency(),
  DEPLOY_AGENT_CONCURRENCY: concurrency(),
  STORY_AGENT_GLOBAL_CONCURRENCY: globalConcurrency(),
  ASSET_AGENT_GLOBAL_CONCURRENCY: globalConcurrency(),
  CODE_AGENT_GLOBAL_CONCURRENCY: globalConcurrency(),
  DEPLOY_AGENT_GLOBAL_CONCURRENCY: globalConcurrency(),
  STORY_AGENT_RATE_PER_MINUTE: ratePerMinute(),
  ASSET_AGENT_RATE_PER_MINUTE: ratePerMinute(),
  CODE_AGENT_RATE_PER_MINUTE: ratePerMinute(),
  DEPLOY_AGENT_RATE_PER_MINUTE: ratePerMinute(),

  RETRY_MAX_ATTEMPTS: integer(RETRY_BOUNDS.maxAttempts.min, RETRY_BOUNDS.maxAttempts.max).prefault(
    String(DEFAULT_RETRY_POLICY.maxAttempts),
  ),
  RETRY_INITIAL_DELAY_MS: milliseconds(RETRY_BOUNDS.delayMs.min).prefault(String(DEFAULT_RETRY_POLICY.initialDelayMs)),
  RETRY_BACKOFF_MULTIPLIER: decimal(RETRY_BOUNDS.multiplier.min, RETRY_BOUNDS.multiplier.max).prefault(
    String(DEFAULT_RETRY_POLICY.multiplier),
  ),
  RETRY_MAX_DELAY_MS: milliseconds(RETRY_BOUNDS.delayMs.min).prefault(String(DEFAULT_RETRY_POLICY.maxDelayMs)),
  MAX_RUNNING_WORKFLOWS_PER_VIEWER: integer(0, 1_000_000).prefault('20'),

  LOG_RETENTION_DAYS: orNull(integer(1, 36_500)),
  MAX_LOG_LINES_PER_ROOM: orNull(integer(1, 1_000_000_000)),
} satisfies Record<string, z.ZodType>;

export type VariableName = keyof typeof VARIABLES;
export type Values = { [Name in VariableName]: z.output<(typeof VARIABLES)[Name]> };
