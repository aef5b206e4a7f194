import type { AgentBehaviour } from '../built-in-agents/misbehaviour.ts';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';
import type { AgentLimits } from '../orchestrator/ports/agents.ts';
import type { TokenIssuer } from '../orchestrator/ports/caller.ts';
import type { LogLimits } from '../orchestrator/ports/store.ts';
import { misspeltVariables, UNAVAILABLE_VARIABLES } from './unknown-variables.ts';
import { isLoopback } from './value-schemas.ts';
import { type Role, type ServerLogLevel, VARIABLES, type Values } from './variables.ts';

export type AgentConfig = {
  /** Base URL without a slash at its end, perhaps with user and password; null: the built-in agent. */
  url: string | null;
  /** Longest time one attempt may take, in ms. */
  timeoutMs: number;
  limits: AgentLimits;
  /** How the built-in agent misbehaves; null: not at all. */
  behaviour: AgentBehaviour | null;
};

/** What the environment asks for. What is off, built in or worked out elsewhere is null. */
export type Config = {
  role: Role;
  /** Whose tokens are taken; null: nobody needs one, and everyone is the viewer `local`. */
  auth: TokenIssuer | null;
  /** By one viewer and minute; null: no limit. */
  rateLimits: { startsPerMinute: number | null; operationsPerMinute: number | null };
  server: {
    /** As `listen` takes it: an IPv6 address has no brackets. */
    host: string;
    /** 0: any free one. */
    port: number;
    /** Without a slash at its end; null: http://HOST:PORT, with the port that was taken. */
    publicUrl: string | null;
    /** As browsers send them; null: the same origin and, for the viewer `local`, any port of localhost, 127.0.0.1. */
    corsOrigins: readonly string[] | null;
    graphiql: boolean;
    introspection: boolean;
    /** WebSockets of one viewer to one process; null: no limit. */
    socketsPerViewer: number | null;
    trustedProxies: number;
  };
  database: {
    /** null: embedded PostgreSQL under `dataDir`. */
    url: string | null;
    /** As written: relative to the working directory. */
    dataDir: string;
  };
  /** null: in-process dispatcher and pub/sub, one process. */
  redisUrl: string | null;
  agents: Record<AgentName, AgentConfig>;
  retry: RetryPolicy;
  /** Further ones are queued; null: no limit. */
  maxRunningWorkflowsPerViewer: number | null;
  /** Log lines beyond these are removed; null: none are, for that reason. */
  logLimits: LogLimits;
  /** How long calls in flight may go on after SIGTERM, in ms. */
  shutdownGraceMs: number;
  logLevel: ServerLogLevel;
  /** For a person, one a line: variables that are most likely misspelt, and settings that are most likely not meant. */
  warnings: readonly string[];
};

/** The environment cannot be used as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Every bad variable, each `NAME: reason`; a reason says what is allowed and repeats no value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/**
 * Reads the environment. Spaces around a value do not count, and an empty value counts as unset; names that are not
 * ours are ignored.
 * @throws {ConfigError} with all bad variables at once
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const set = setVariables(env);
  const { values, problems } = parseValues(set);
  problems.push(...conflicts(values));
  for (const name of UNAVAILABLE_VARIABLES) {
    if (set.has(name)) problems.push(`${name}: not available in this version; unset it`);
  }
  if (!isComplete(values) || problems.length > 0) throw new ConfigError(problems);

  const misspelt = misspeltVariables([...set.keys()]).map((name) => `${name} is not a variable of this service`);
  const warnings = [...misspelt, ...doubts(values)];
  return toConfig(values, warnings);
}

function setVariables(env: Record<string, string | undefined>): Map<string, string> {
  const trimmed = Object.entries(env).map(([name, text]) => [name, text?.trim() ?? ''] as const);
  return new Map(trimmed.filter(([, text]) => text !== ''));
}

/** Each variable by itself, so that the rules between them are judged beside a bad one as well. */
function parseValues(set: ReadonlyMap<string, string>): { values: Partial<Values>; problems: string[] } {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(VARIABLES)) {
    const parsed = schema.safeParse(set.get(name));
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues[0]?.message}`);
  }
  return { values, problems };
}

function isComplete(values: Partial<Values>): values is Values {
  return Object.keys(VARIABLES).every((name) => Object.hasOwn(values, name));
}

/** Rules between variables. One whose variable is bad (absent here) says nothing. */
function conflicts(values: Partial<Values>): string[] {
  const problems: string[] = [];
  const { ROLE: role, HOST: host } = values;
  if (role === 'api' || role === 'worker') {
    const missing = (['REDIS_URL', 'DATABASE_URL'] as const).filter((name) => values[name] === null);
    if (missing.length > 0) {
      problems.push(`ROLE: ${role} shares the work with other processes; set ${missing.join(' and ')}, or use all`);
    }
  }
  if (role === 'worker' && values.DEPLOY_AGENT_URL === null && values.PUBLIC_URL === null) {
    problems.push(
      'PUBLIC_URL: must be set for a worker with the built-in DeployAgent, whose pages the API serves there',
    );
  }
  for (const name of AGENT_NAMES.map(prefixOf)) {
    if (values[`${name}_AGENT_BEHAVIOUR`] && values[`${name}_AGENT_URL`]) {
      problems.push(`${name}_AGENT_BEHAVIOUR: is for the built-in agent; unset it, or ${name}_AGENT_URL`);
    }
  }
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl } = values;
  if (secret && jwksUrl) problems.push('AUTH_JWKS_URL: stands beside AUTH_JWT_SECRET; set one of the two');
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (values[name] && secret === null && jwksUrl === null) {
      problems.push(`${name}: checks nothing without AUTH_JWT_SECRET or AUTH_JWKS_URL`);
    }
  }
  if (values.ALLOW_LOCAL_VIEWER !== false || secret !== null || jwksUrl !== null) return problems;
  const otherwise =
    'without AUTH_JWT_SECRET or AUTH_JWKS_URL every caller is the viewer `local`; to allow that, set ALLOW_LOCAL_VIEWER=on';
  if (host !== undefined && !isLoopback(host)) {
    problems.push(`HOST: must be 127.0.0.1, ::1 or localhost, since ${otherwise}`);
  }
  if (values.NODE_ENV === 'production') problems.push(`NODE_ENV: must not be production, since ${otherwise}`);
  return problems;
}

/** What can be meant, and most likely is not. */
function doubts({ ALLOW_LOCAL_VIEWER: local, AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl }: Values): string[] {
  const found: string[] = [];
  if (local && (secret !== null || jwksUrl !== null)) {
    found.push('ALLOW_LOCAL_VIEWER has no effect: with AUTH_JWT_SECRET or AUTH_JWKS_URL everyone needs a token');
  }
  const url = jwksUrl === null ? null : new URL(jwksUrl);
  if (url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    found.push('AUTH_JWKS_URL is not https: whoever can change what is fetched there can be any viewer');
  }
  return found;
}

/** How the names of an agent's variables begin. */
const prefixOf = (agent: AgentName) => agent.toUpperCase() as Uppercase<AgentName>;

function authOf(values: Values): TokenIssuer | null {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = values;
  if (secret !== null) return { keys: { secret }, issuer, audience };
  return jwksUrl === null ? null : { keys: { jwksUrl }, issuer, audience };
}

function toConfig(values: Values, warnings: readonly string[]): Config {
  const production = values.NODE_ENV === 'production';
  const auth = authOf(values);
  // The viewer `local` has none unless set.
  const limit = (value: number | null, withTokens: number) => (value ?? (auth === null ? 0 : withTokens)) || null;
  const agentConfig = (name: Uppercase<AgentName>): AgentConfig => ({
    url: values[`${name}_AGENT_URL`],
    timeoutMs: values[`${name}_AGENT_TIMEOUT_MS`],
    limits: {
      concurrency: values[`${name}_AGENT_CONCURRENCY`],
      globalConcurrency: values[`${name}_AGENT_GLOBAL_CONCURRENCY`],
      ratePerMinute: values[`${name}_AGENT_RATE_PER_MINUTE`],
    },
    behaviour: values[`${name}_AGENT_BEHAVIOUR`],
  });
  return {
    role: values.ROLE,
    auth,
    rateLimits: {
      startsPerMinute: limit(values.RATE_LIMIT_STARTS_PER_MINUTE, 60),
      operationsPerMinute: limit(values.RATE_LIMIT_OPERATIONS_PER_MINUTE, 1_200),
    },
    server: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL,
      corsOrigins: values.CORS_ORIGINS,
      graphiql: values.GRAPHIQL ?? !production,
      introspection: values.INTROSPECTION ?? !production,
      socketsPerViewer: limit(values.MAX_SOCKETS_PER_VIEWER, 200),
      trustedProxies: values.TRUSTED_PROXIES,
    },
    database: { url: values.DATABASE_URL, dataDir: values.DATA_DIR },
    redisUrl: values.REDIS_URL,
    agents: byAgent((agent) => agentConfig(prefixOf(agent))),
    retry: {
      maxAttempts: values.RETRY_MAX_ATTEMPTS,
      initialDelayMs: values.RETRY_INITIAL_DELAY_MS,
      multiplier: values.RETRY_BACKOFF_MULTIPLIER,
      maxDelayMs: values.RETRY_MAX_DELAY_MS,
    },
    maxRunningWorkflowsPerViewer: values.MAX_RUNNING_WORKFLOWS_PER_VIEWER || null,
    logLimits: { days: values.LOG_RETENTION_DAYS, linesPerRoom: values.MAX_LOG_LINES_PER_ROOM },
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    logLevel: values.LOG_LEVEL,
    warnings,
  };
}
