import type { z } from 'zod';
import { AGENT_NAMES, type AgentName, DEFAULT_AGENT_TIMEOUTS_MS } from '../orchestrator/domain/agents.ts';
import { DEFAULT_RETRY_POLICY, RETRY_BOUNDS } from '../orchestrator/domain/retry-policy.ts';
import { agentBehaviour } from './agent-behaviour.ts';
import {
  agentUrl,
  anyText,
  apiKey,
  apiUrl,
  decimal,
  host,
  httpUrl,
  integer,
  ipfsApiUrl,
  milliseconds,
  modelUrl,
  oneOf,
  onOff,
  origins,
  postgresUrl,
  price,
  publicUrl,
  redisUrl,
  secret,
  teamName,
} from './value-schemas.ts';

/** `all`: API and workers in one process. */
export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** Lowest level that is written to the server log; `silent`: nothing is. */
export const SERVER_LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type ServerLogLevel = (typeof SERVER_LOG_LEVELS)[number];

/**
 * A variable that may be unset, which is read as null.
 * @param whenUnset what happens then, for docs/configuration.md
 */
function optional<T extends z.ZodType>(schema: T, whenUnset: string) {
  // The cast: while T is open, zod cannot see that null is one of the outputs.
  return schema
    .nullable()
    .default(null as never)
    .meta({ whenUnset });
}

type PerAgent<Suffix extends string, T> = { [Name in Uppercase<AgentName> as `${Name}_AGENT_${Suffix}`]: T };

/** `STORY_AGENT_<suffix>`, `ASSET_AGENT_<suffix>` and so on. */
function perAgent<Suffix extends string, T>(suffix: Suffix, schemaFor: (agent: AgentName) => T): PerAgent<Suffix, T> {
  const entries = AGENT_NAMES.map((agent) => [`${agent.toUpperCase()}_AGENT_${suffix}`, schemaFor(agent)]);
  return Object.fromEntries(entries) as PerAgent<Suffix, T>;
}

const api = {
  PORT: integer(0, 65_535).prefault('4000').describe('Port the API listens on; 0 picks a free port and prints it.'),
  HOST: host
    .prefault('127.0.0.1')
    .describe(
      'Address the API listens on. An address other than loopback requires tokens (AUTH_JWT_SECRET or AUTH_JWKS_URL), ' +
        'unless ALLOW_LOCAL_VIEWER is on.',
    ),
  PUBLIC_URL: optional(publicUrl, 'http://HOST:PORT').describe(
    'URL at which browsers reach the API. Deployment URLs of the built-in DeployAgent begin with it.',
  ),
  CORS_ORIGINS: optional(origins, 'same origin; for the viewer `local`, also any port of localhost').describe(
    'Origins whose pages may call the API, separated by commas.',
  ),
  UI: onOff.prefault('on').describe('Whether to serve the page at / and /rooms/<id>.'),
  GRAPHIQL: optional(onOff, 'on; off if NODE_ENV=production').describe('Whether to serve GraphiQL at /graphql.'),
  INTROSPECTION: optional(onOff, 'on; off if NODE_ENV=production').describe(
    'Whether to answer introspection queries and suggest names in validation errors.',
  ),
};

const authentication = {
  AUTH_JWT_SECRET: optional(secret(32), 'none').describe(
    'Secret shared with the issuer of viewer tokens (JWT, HS256). Without it and AUTH_JWKS_URL, every caller is the ' +
      'viewer `local`.',
  ),
  AUTH_JWKS_URL: optional(httpUrl, 'none').describe(
    'URL of the public keys of the issuer of viewer tokens (JWT; RS256, ES256 or EdDSA).',
  ),
  AUTH_ISSUER: optional(anyText, 'any').describe('Required value of the `iss` claim.'),
  AUTH_AUDIENCE: optional(anyText, 'any').describe(
    'Value that the `aud` claim must equal or contain. Set it if the issuer also signs tokens for other services.',
  ),
  ALLOW_LOCAL_VIEWER: onOff
    .prefault('off')
    .describe(
      'Lets callers without a token act as the viewer `local` even if HOST is not loopback or NODE_ENV is production. ' +
        'Use it only if something else restricts access.',
    ),
};

const limits = {
  RATE_LIMIT_STARTS_PER_MINUTE: optional(integer(0, 1_000_000), '60; no limit for the viewer `local`').describe(
    'Workflows one viewer may start per minute; ten times as many per IP address. 0 means no limit.',
  ),
  RATE_LIMIT_OPERATIONS_PER_MINUTE: optional(integer(0, 1_000_000), '1200; no limit for the viewer `local`').describe(
    'GraphQL operations and other requests per viewer and minute; ten times as many per IP address. 0 means no limit.',
  ),
  MAX_SOCKETS_PER_VIEWER: optional(integer(0, 1_000_000), '200; no limit for the viewer `local`').describe(
    'Open WebSockets per viewer and process, and separately open event streams and log downloads; ten times as many ' +
      'per IP address. 0 means no limit.',
  ),
  MAX_RUNNING_WORKFLOWS_PER_VIEWER: integer(0, 1_000_000)
    .prefault('20')
    .describe('Workflows of one viewer that run at the same time; further ones are queued. 0 means no limit.'),
  MAX_COST_USD_PER_WORKFLOW: optional(decimal(0.000_001, 1_000_000), 'no limit').describe(
    'Most that the calls of one workflow may cost, in US dollars, as the agents report it. Once it is reached, each ' +
      'further attempt fails with BUDGET before the agent is called. Costs that an agent does not report do not count.',
  ),
  TRUSTED_PROXIES: integer(0, 10)
    .prefault('0')
    .describe(
      'Number of reverse proxies in front of the API. The client address is read from X-Forwarded-For accordingly.',
    ),
};

const runtime = {
  ROLE: oneOf(ROLES)
    .prefault('all')
    .describe(
      '`api` serves requests and calls no agents; `worker` calls agents and serves only /health; `all` does both. ' +
        'Processes that share the work need the same DATABASE_URL and REDIS_URL, and should have the same limits.',
    ),
  METRICS_PORT: optional(integer(0, 65_535), 'no metrics').describe(
    'Port on which HOST serves GET /metrics for Prometheus, without authentication; 0 picks a free port and prints it.',
  ),
  SHUTDOWN_GRACE_MS: milliseconds(0)
    .prefault('30000')
    .describe('How long agent calls in flight may continue after SIGTERM or Ctrl-C.'),
  LOG_LEVEL: oneOf(SERVER_LOG_LEVELS).prefault('info').describe('Lowest level written to the server log on stderr.'),
  NODE_ENV: optional(anyText, 'none').describe(
    '`production` turns GraphiQL and introspection off by default and refuses the viewer `local` unless ' +
      'ALLOW_LOCAL_VIEWER is on.',
  ),
};

const storage = {
  DATA_DIR: anyText
    .meta({ allowed: 'a path' })
    .prefault('.data')
    .describe('Folder of the embedded PostgreSQL, which is used if DATABASE_URL is unset.'),
  DATABASE_URL: optional(postgresUrl, 'embedded PostgreSQL').describe(
    'PostgreSQL server to use. Connect directly or through a session pooler, not through a transaction pooler.',
  ),
  DATABASE_POOL_SIZE: optional(integer(1, 1_000), 'connection_limit of DATABASE_URL, or 10').describe(
    'Maximum connections of this process to PostgreSQL; one more if REDIS_URL is unset. If the server gives fewer, ' +
      'statements wait for these.',
  ),
  REDIS_URL: optional(redisUrl, 'in-process queue and pub/sub').describe(
    'Redis server; required if several processes share the work. A Unix socket: unix:///path. Sentinel: ' +
      'redis+sentinel://host:26379,host:26379/<name of the primary>. A CA of your own: set NODE_EXTRA_CA_CERTS.',
  ),
};

const agents = {
  ...perAgent('URL', () => optional(agentUrl, 'built-in agent').describe('Base URL of your own agent.')),
  ...perAgent('TIMEOUT_MS', (agent) =>
    milliseconds(1)
      .prefault(String(DEFAULT_AGENT_TIMEOUTS_MS[agent]))
      .describe('Maximum duration of one attempt, from connecting to the last byte of the response.'),
  ),
  ...perAgent('CONCURRENCY', () =>
    integer(1, 10_000).prefault('50').describe('Maximum concurrent calls of the agent in one process.'),
  ),
  ...perAgent('GLOBAL_CONCURRENCY', () =>
    optional(integer(1, 1_000_000), 'no limit').describe('Maximum concurrent calls of the agent across all processes.'),
  ),
  ...perAgent('RATE_PER_MINUTE', () =>
    optional(integer(1, 1_000_000), 'no limit').describe('Maximum calls of the agent per minute across all processes.'),
  ),
  ...perAgent('BEHAVIOUR', () =>
    optional(agentBehaviour, 'none').describe(
      'Faults of the built-in agent, for trying out how a room handles them: `delay=MS` waits before each response, ' +
        '`fail=TIMES` answers 503 that many times per step, `hang` never answers, `garbage` answers something that ' +
        'is not JSON.',
    ),
  ),
};

const publishing = {
  IPFS_API_URL: optional(ipfsApiUrl, 'IPFS is not used').describe(
    'RPC API of an IPFS node (Kubo): the stories, pictures and pages of the built-in agents are added there too, under ' +
      'the same CIDs. Whoever reaches this API controls the node: it must not be public.',
  ),
  VERCEL_TOKEN: optional(apiKey, 'pages are published here only').describe(
    'Token of vercel.com/account/tokens: the built-in DeployAgent deploys each page to Vercel too.',
  ),
  VERCEL_TEAM_ID: optional(teamName, 'the account of the token').describe('Team to deploy to: its id or its slug.'),
  VERCEL_API_URL: apiUrl.prefault('https://api.vercel.com').describe('API of Vercel; another one is for tests.'),
};

const models = {
  OPENAI_API_KEY: optional(apiKey, 'the agents work without models').describe(
    'Key of a model server. With it, or with OPENAI_BASE_URL, the built-in StoryAgent, AssetAgent and CodeAgent use ' +
      'models, which costs what the server charges.',
  ),
  OPENAI_BASE_URL: optional(modelUrl, 'https://api.openai.com/v1').describe(
    'Any server that speaks chat completions, such as Ollama, llama.cpp or vLLM. OPENAI_API_KEY may then be unset.',
  ),
  OPENAI_MODEL: anyText.prefault('gpt-5.4-mini').describe('Model that writes stories and pages.'),
  OPENAI_IMAGE_MODEL: optional(anyText, 'AssetAgent draws without a model').describe('Model that draws pictures.'),
  MODEL_PRICE_INPUT_PER_MILLION: optional(price, 'cost unknown').describe(
    'US dollars per million tokens that OPENAI_MODEL reads. The cost of a text is known if both prices are set.',
  ),
  MODEL_PRICE_OUTPUT_PER_MILLION: optional(price, 'cost unknown').describe(
    'US dollars per million tokens that OPENAI_MODEL writes.',
  ),
  MODEL_PRICE_PER_IMAGE: optional(price, 'cost unknown').describe('US dollars per picture of OPENAI_IMAGE_MODEL.'),
};

const retries = {
  RETRY_MAX_ATTEMPTS: integer(RETRY_BOUNDS.maxAttempts.min, RETRY_BOUNDS.maxAttempts.max)
    .prefault(String(DEFAULT_RETRY_POLICY.maxAttempts))
    .describe('Attempts per agent, including the first.'),
  RETRY_INITIAL_DELAY_MS: milliseconds(RETRY_BOUNDS.delayMs.min)
    .prefault(String(DEFAULT_RETRY_POLICY.initialDelayMs))
    .describe('Delay before the second attempt.'),
  RETRY_BACKOFF_MULTIPLIER: decimal(RETRY_BOUNDS.multiplier.min, RETRY_BOUNDS.multiplier.max)
    .prefault(String(DEFAULT_RETRY_POLICY.multiplier))
    .describe('Each further delay is the previous one times this factor.'),
  RETRY_MAX_DELAY_MS: milliseconds(RETRY_BOUNDS.delayMs.min)
    .prefault(String(DEFAULT_RETRY_POLICY.maxDelayMs))
    .describe("Maximum delay, which also caps an agent's Retry-After."),
};

const logRetention = {
  LOG_RETENTION_DAYS: optional(integer(1, 36_500), 'keep all').describe(
    'Log lines older than this many days are deleted in the background. A client that resumes before the first ' +
      'remaining line receives one WARN line.',
  ),
  MAX_LOG_LINES_PER_ROOM: optional(integer(1, 1_000_000_000), 'keep all').describe(
    'Number of newest log lines to keep per room; older ones are deleted in the background.',
  ),
};

type Section = { title: string; variables: Readonly<Record<string, z.ZodType>> };

/** All variables as docs/configuration.md and .env.example present them; `npm run config:print` writes both. */
export const SECTIONS: readonly Section[] = [
  { title: 'API', variables: api },
  { title: 'Authentication', variables: authentication },
  { title: 'Limits', variables: limits },
  { title: 'Process', variables: runtime },
  { title: 'Storage', variables: storage },
  { title: 'Agents', variables: agents },
  { title: 'Publishing', variables: publishing },
  { title: 'Models', variables: models },
  { title: 'Retries', variables: retries },
  { title: 'Log retention', variables: logRetention },
];

/**
 * Every variable that is read: its values, its default as one would write it (null: none) and its description. The
 * bounds catch a slipped digit; none is a promise.
 */
export const VARIABLES = {
  ...api,
  ...authentication,
  ...limits,
  ...runtime,
  ...storage,
  ...agents,
  ...publishing,
  ...models,
  ...retries,
  ...logRetention,
};

export type VariableName = keyof typeof VARIABLES;
export type Values = { [Name in VariableName]: z.output<(typeof VARIABLES)[Name]> };
