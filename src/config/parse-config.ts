import type { AgentBehaviour } from '../built-in-agents/behaviour.ts';
import { AGENT_NAMES, type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';
import type { AgentLimits } from '../orchestrator/ports/call-agent.ts';
import type { TokenIssuer } from '../orchestrator/ports/caller.ts';
import type { RetentionLimits } from '../orchestrator/ports/store.ts';
import { authConflicts, authOf, authWarnings } from './authentication.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { type ModelConfig, modelsOf, modelWarnings } from './models.ts';
import { type PublishingConfig, publishingOf, publishingWarnings } from './publishing.ts';
import { misspelledVariables, UNAVAILABLE_VARIABLES } from './unknown-variables.ts';
import { type Role, type ServerLogLevel, VARIABLES, type Values } from './variables.ts';

export type AgentConfig = {
  /** Base URL without a trailing slash, may contain user and password; null: the built-in agent. */
  url: string | null;
  /** Maximum duration of one attempt, in ms. */
  timeoutMs: number;
  limits: AgentLimits;
  /** Faults of the built-in agent; null: none. */
  behaviour: AgentBehaviour | null;
};

/** The parsed environment. null means off, built in or derived elsewhere. */
export type Config = {
  role: Role;
  /** Whose viewer tokens are accepted; null: no token is needed and every caller is the viewer `local`. */
  auth: TokenIssuer | null;
  /** Per viewer and minute; null: no limit. */
  rateLimits: { startsPerMinute: number | null; operationsPerMinute: number | null };
  server: {
    /** As `server.listen` expects it: an IPv6 address has no brackets. */
    host: string;
    /** 0: any free port. */
    port: number;
    /** Without a trailing slash; null: http://HOST:PORT with the actual port. */
    publicUrl: string | null;
    /** As browsers send them; null: same origin and, for the viewer `local`, any port of localhost and 127.0.0.1. */
    corsOrigins: readonly string[] | null;
    graphiql: boolean;
    /** Whether to serve the page. */
    ui: boolean;
    introspection: boolean;
    /** WebSockets per viewer and process; null: no limit. */
    socketsPerViewer: number | null;
    trustedProxies: number;
  };
  database: {
    /** null: embedded PostgreSQL under `dataDir`. */
    url: string | null;
    /** As written, so relative to the working directory. */
    dataDir: string;
    /** Maximum connections. */
    poolSize: number;
  };
  /** null: in-process dispatcher and pub/sub, one process. */
  redisUrl: string | null;
  agents: Record<AgentName, AgentConfig>;
  publishing: PublishingConfig;
  /** Null: the built-in agents work without models. */
  models: ModelConfig | null;
  retry: RetryPolicy;
  /** In US dollars; null: no limit. */
  maxCostUsdPerWorkflow: number | null;
  /** Further workflows are queued; null: no limit. */
  maxRunningWorkflowsPerViewer: number | null;
  /** Log lines beyond these limits are removed; null: no such limit. */
  logLimits: RetentionLimits;
  /** How long agent calls in flight may continue after SIGTERM, in ms. */
  shutdownGraceMs: number;
  /** 0: any free port; null: no metrics. */
  metricsPort: number | null;
  logLevel: ServerLogLevel;
  /** For the operator: names that are probably misspelled and settings that are probably not intended. */
  warnings: readonly string[];
};

/** The environment is invalid. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One `NAME: reason` per invalid variable. A reason states what is allowed and never repeats the value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/**
 * Parses the environment. Values are trimmed, an empty value counts as unset, and variables of other programs are
 * ignored.
 * @throws {ConfigError} with all invalid variables at once
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const set = setVariables(env);
  const { values, problems } = parseValues(set);
  problems.push(...conflicts(values));
  for (const name of UNAVAILABLE_VARIABLES) {
    if (set.has(name)) problems.push(`${name}: not available in this version; unset it`);
  }
  if (!isComplete(values) || problems.length > 0) throw new ConfigError(problems);

  return toConfig(values, [
    ...misspelledVariables([...set.keys()]),
    ...modelWarnings(values),
    ...authWarnings(values),
    ...publishingWarnings(values),
  ]);
}

function setVariables(env: Record<string, string | undefined>): Map<string, string> {
  const trimmed = Object.entries(env).map(([name, text]) => [name, text?.trim() ?? ''] as const);
  return new Map(trimmed.filter(([, text]) => text !== ''));
}

/** Each variable by itself, so that the rules between variables are checked even if one of them is invalid. */
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

/** Checks the rules between variables. A rule about an invalid variable, which is absent here, is skipped. */
function conflicts(values: Partial<Values>): string[] {
  const problems: string[] = [];
  const { ROLE: role } = values;
  if (role === 'api' || role === 'worker') {
    const missing = (['REDIS_URL', 'DATABASE_URL'] as const).filter((name) => values[name] === null);
    if (missing.length > 0) {
      const names = missing.join(' and ');
      problems.push(`ROLE: ${role} shares the work with other processes; set ${names}, or use ROLE=all`);
    }
  }
  if (role === 'worker' && values.DEPLOY_AGENT_URL === null && values.PUBLIC_URL === null) {
    problems.push(
      'PUBLIC_URL: must be set for a worker with the built-in DeployAgent, whose deployment URLs begin with it',
    );
  }
  for (const name of AGENT_NAMES.map(prefixOf)) {
    if (values[`${name}_AGENT_BEHAVIOUR`] && values[`${name}_AGENT_URL`]) {
      problems.push(`${name}_AGENT_BEHAVIOUR: applies to the built-in agent only; unset it or ${name}_AGENT_URL`);
    }
  }
  return [...problems, ...authConflicts(values)];
}

/** The prefix of an agent's variables. */
const prefixOf = (agent: AgentName) => agent.toUpperCase() as Uppercase<AgentName>;

/** With the connection for the lock and those of tools, several processes fit into a pooler's usual 20. */
const DEFAULT_POOL_SIZE = 10;

function poolSizeOf({ DATABASE_POOL_SIZE: poolSize, DATABASE_URL: url }: Values): number {
  return poolSize ?? (url === null ? null : parseDatabaseUrl(url).poolSize) ?? DEFAULT_POOL_SIZE;
}

function toConfig(values: Values, warnings: readonly string[]): Config {
  const production = values.NODE_ENV === 'production';
  const auth = authOf(values);
  // Without tokens, a limit applies only if it is set.
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
      ui: values.UI,
      introspection: values.INTROSPECTION ?? !production,
      socketsPerViewer: limit(values.MAX_SOCKETS_PER_VIEWER, 200),
      trustedProxies: values.TRUSTED_PROXIES,
    },
    database: { url: values.DATABASE_URL, dataDir: values.DATA_DIR, poolSize: poolSizeOf(values) },
    redisUrl: values.REDIS_URL,
    agents: byAgent((agent) => agentConfig(prefixOf(agent))),
    publishing: publishingOf(values),
    models: modelsOf(values),
    retry: {
      maxAttempts: values.RETRY_MAX_ATTEMPTS,
      initialDelayMs: values.RETRY_INITIAL_DELAY_MS,
      multiplier: values.RETRY_BACKOFF_MULTIPLIER,
      maxDelayMs: values.RETRY_MAX_DELAY_MS,
    },
    maxCostUsdPerWorkflow: values.MAX_COST_USD_PER_WORKFLOW,
    maxRunningWorkflowsPerViewer: values.MAX_RUNNING_WORKFLOWS_PER_VIEWER || null,
    logLimits: { days: values.LOG_RETENTION_DAYS, linesPerRoom: values.MAX_LOG_LINES_PER_ROOM },
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    metricsPort: values.METRICS_PORT,
    logLevel: values.LOG_LEVEL,
    warnings,
  };
}
