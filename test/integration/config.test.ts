import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UNAVAILABLE_VARIABLES } from '../../src/config/foreign-variables.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { ConfigError, parseConfig } from '../../src/config.ts';

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('an empty environment', () => {
  test('gives the defaults that are documented', () => {
    const limits = { concurrency: 50, globalConcurrency: null, ratePerMinute: null };
    expect(parseConfig({})).toEqual({
      production: false,
      role: 'all',
      auth: null,
      rateLimits: { startsPerMinute: null, operationsPerMinute: null },
      server: {
        host: '127.0.0.1',
        port: 4000,
        publicUrl: null,
        corsOrigins: null,
        graphiql: true,
        introspection: true,
        socketsPerViewer: null,
        trustedProxies: 0,
      },
      database: { url: null, dataDir: '.data' },
      redisUrl: null,
      agents: {
        story: { url: null, timeoutMs: 30_000, limits, behaviour: null },
        asset: { url: null, timeoutMs: 60_000, limits, behaviour: null },
        code: { url: null, timeoutMs: 60_000, limits, behaviour: null },
        deploy: { url: null, timeoutMs: 120_000, limits, behaviour: null },
      },
      retry: { maxAttempts: 3, initialDelayMs: 2_000, multiplier: 2, maxDelayMs: 30_000 },
      maxRunningWorkflowsPerViewer: 20,
      logLimits: { days: null, linesPerRoom: null },
      shutdownGraceMs: 30_000,
      logLevel: 'info',
      warnings: [],
    });
  });

  test.each(Object.keys(VARIABLES))('is no different when %s is empty or blank', (name) => {
    expect(parseConfig({ [name]: '' })).toEqual(parseConfig({}));
    expect(parseConfig({ [name]: ' \t' })).toEqual(parseConfig({}));
  });
});

describe('values that are taken', () => {
  test('a built-in agent that misbehaves', () => {
    const { agents } = parseConfig({ CODE_AGENT_BEHAVIOUR: 'fail=2, delay=500', DEPLOY_AGENT_BEHAVIOUR: 'hang' });
    expect(agents.code.behaviour).toEqual({ failTimes: 2, delayMs: 500 });
    expect(agents.deploy.behaviour).toEqual({ hang: true });
    for (const text of ['fail', 'hang=1', 'fail=x', 'sulk', 'fail=1,,hang', 'constructor']) {
      expect(problemsOf({ CODE_AGENT_BEHAVIOUR: text })[0]).toMatch(/^CODE_AGENT_BEHAVIOUR: must be any of/);
    }
    expect(problemsOf({ CODE_AGENT_BEHAVIOUR: 'hang', CODE_AGENT_URL: 'http://localhost:3004' })).toHaveLength(1);
  });

  test('agents of one’s own, without the slash at the end', () => {
    const { agents } = parseConfig({
      STORY_AGENT_URL: 'https://me:s%40cret@story.example.com/v2/',
      DEPLOY_AGENT_URL: 'http://localhost:3005',
      DEPLOY_AGENT_TIMEOUT_MS: '5000',
      DEPLOY_AGENT_CONCURRENCY: '1',
    });
    expect(agents.story.url).toBe('https://me:s%40cret@story.example.com/v2');
    expect(agents.asset.url).toBeNull();
    const limits = { concurrency: 1, globalConcurrency: null, ratePerMinute: null };
    expect(agents.deploy).toEqual({ url: 'http://localhost:3005', timeoutMs: 5_000, limits, behaviour: null });
  });

  test('the databases’ URLs, as they are written', () => {
    const urls = { DATABASE_URL: 'postgresql:///rooms?host=/run/postgresql', REDIS_URL: 'rediss://:pw@cache:6380/2' };
    const config = parseConfig(urls);
    expect(config.database.url).toBe(urls.DATABASE_URL);
    expect(config.redisUrl).toBe(urls.REDIS_URL);
  });

  test('a public URL with a path, and a free port', () => {
    const { server } = parseConfig({ PUBLIC_URL: 'https://example.com/rooms/', PORT: '0' });
    expect(server).toMatchObject({ publicUrl: 'https://example.com/rooms', port: 0 });
  });

  test('a list of origins, as browsers send them', () => {
    const { server } = parseConfig({ CORS_ORIGINS: 'https://App.example.com/, http://localhost:5173,' });
    expect(server.corsOrigins).toEqual(['https://app.example.com', 'http://localhost:5173']);
  });

  test('a retry policy', () => {
    const { retry } = parseConfig({
      RETRY_MAX_ATTEMPTS: '4',
      RETRY_INITIAL_DELAY_MS: '0',
      RETRY_BACKOFF_MULTIPLIER: '1.5',
      RETRY_MAX_DELAY_MS: '100',
    });
    expect(retry).toEqual({ maxAttempts: 4, initialDelayMs: 0, multiplier: 1.5, maxDelayMs: 100 });
  });

  test('no limit to running workflows', () => {
    expect(parseConfig({ MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0' }).maxRunningWorkflowsPerViewer).toBeNull();
  });

  test('spaces around a value, as an .env file with other line ends leaves them', () => {
    expect(parseConfig({ PORT: ' 4100\r' }).server.port).toBe(4100);
  });
});

describe('values that are refused', () => {
  test.each([
    ['PORT', ['65536', '-1', '4e3', '0x10', '4000.0', 'http', '٤٠٠٠']],
    ['HOST', ['http://localhost', 'a b', '127.0.0.1:4000', '[::1', '*']],
    ['PUBLIC_URL', ['example.com', 'ftp://example.com', 'https://me:pw@example.com', 'https://example.com/?a=1']],
    ['CORS_ORIGINS', ['*', ',', 'example.com', 'https://example.com/path', 'null', 'https://a.example,b']],
    ['GRAPHIQL', ['true', '1', 'ON', 'yes']],
    ['INTROSPECTION', ['false']],
    ['ALLOW_LOCAL_VIEWER', ['true']],
    ['ROLE', ['both', 'API']],
    ['AUTH_JWT_SECRET', ['x'.repeat(31)]],
    ['AUTH_JWKS_URL', ['login.example.com', 'file:///keys.json', 'https://me:pw@login.example.com/', 'https://a/#b']],
    ['LOG_LEVEL', ['verbose']],
    ['DATABASE_URL', ['mysql://localhost/x', 'localhost:5432', 'postgres://u:p#w@h/x', 'postgres://u:100%@h/x']],
    ['REDIS_URL', ['localhost:6379', 'http://localhost:6379', 'unix:///run/redis.sock']],
    ['ASSET_AGENT_URL', ['localhost:3003', 'http://', 'http:localhost', 'http://localhost:3003/?key=1', 'http://a/#b']],
    ['CODE_AGENT_TIMEOUT_MS', ['0', '2147483648', '60s']],
    ['STORY_AGENT_CONCURRENCY', ['0', '10001']],
    ['RETRY_MAX_ATTEMPTS', ['0', '101', '2.5']],
    ['RETRY_INITIAL_DELAY_MS', ['-1', '2147483648']],
    ['RETRY_BACKOFF_MULTIPLIER', ['0.5', '0', 'Infinity', '1e1', '101']],
    ['RETRY_MAX_DELAY_MS', ['2147483648', 'never']],
    ['SHUTDOWN_GRACE_MS', ['2147483648']],
    ['MAX_RUNNING_WORKFLOWS_PER_VIEWER', ['-1', 'unlimited']],
  ])('%s: %j', (name, texts) => {
    for (const text of texts) {
      const problems = problemsOf({ [name]: text });
      expect(problems, text).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name}: must be `));
    }
  });

  test('all at once, also those that only the rules between variables find', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', ROLE: 'api', HOST: '0.0.0.0', AUTH_ISSUER: 'x' })).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^LOG_LEVEL: /),
      expect.stringMatching(/^ROLE: /),
      expect.stringMatching(/^AUTH_ISSUER: /),
      expect.stringMatching(/^HOST: /),
    ]);
  });

  test('a bad one is not blamed twice', () => {
    expect(problemsOf({ HOST: '::', ALLOW_LOCAL_VIEWER: 'x' })).toEqual([
      expect.stringMatching(/^ALLOW_LOCAL_VIEWER: /),
    ]);
  });

  test.each(Object.keys(VARIABLES))('%s is never repeated, since it may be a secret', (name) => {
    const problems = problemsOf({ [name]: 'hunter2://:hunter2@' });
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('features of later versions', () => {
  test.each(UNAVAILABLE_VARIABLES)('%s is refused rather than ignored', (name) => {
    expect(problemsOf({ [name]: '60' })).toEqual([`${name}: not available in this version; unset it`]);
    expect(problemsOf({ [name]: '' })).toEqual([]);
  });
});

describe('who may be the viewer `local`', () => {
  test.each(['127.0.0.1', '127.8.9.10', 'localhost', 'LocalHost', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'anyone who reaches %s',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([]);
    },
  );

  test.each(['0.0.0.0', '::', '[::]', '192.168.1.5', 'rooms.internal', '127.0.0.1.example.com'])(
    'nobody at %s, unless it is allowed',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([expect.stringMatching(/^HOST: .*set ALLOW_LOCAL_VIEWER=on$/)]);
      expect(problemsOf({ HOST: host, ALLOW_LOCAL_VIEWER: 'on' })).toEqual([]);
    },
  );

  test('nobody in production, unless it is allowed', () => {
    const env = { NODE_ENV: 'production' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^NODE_ENV: .*set ALLOW_LOCAL_VIEWER=on$/)]);
    expect(problemsOf({ ...env, ALLOW_LOCAL_VIEWER: 'on' })).toEqual([]);
  });
});

describe('tokens', () => {
  const secret = 'ä'.repeat(16);
  const jwksUrl = 'https://login.example.com/keys.json?v=1';

  test('by a secret of 32 bytes, or by keys that are fetched, for an issuer and an audience', () => {
    const named = { AUTH_ISSUER: 'https://login.example.com/', AUTH_AUDIENCE: 'rooms' };
    const names = { issuer: 'https://login.example.com/', audience: 'rooms' };
    expect(parseConfig({ AUTH_JWT_SECRET: secret }).auth).toEqual({ keys: { secret }, issuer: null, audience: null });
    expect(parseConfig({ AUTH_JWKS_URL: jwksUrl, ...named }).auth).toEqual({ keys: { jwksUrl }, ...names });
  });

  test('bring limits along, which the viewer `local` has only when they are set', () => {
    const limited = parseConfig({ AUTH_JWT_SECRET: secret });
    expect(limited.rateLimits).toEqual({ startsPerMinute: 60, operationsPerMinute: 1_200 });
    expect(limited.server.socketsPerViewer).toBe(200);
    const set = { RATE_LIMIT_STARTS_PER_MINUTE: '5', RATE_LIMIT_OPERATIONS_PER_MINUTE: '0' };
    expect(parseConfig({ AUTH_JWT_SECRET: secret, ...set }).rateLimits).toEqual({
      startsPerMinute: 5,
      operationsPerMinute: null,
    });
    expect(parseConfig({ RATE_LIMIT_STARTS_PER_MINUTE: '5' }).rateLimits.startsPerMinute).toBe(5);
  });

  test('are enough to listen anywhere, in production', () => {
    const env = { HOST: '0.0.0.0', NODE_ENV: 'production' };
    expect(problemsOf({ ...env, AUTH_JWT_SECRET: secret })).toEqual([]);
    expect(problemsOf({ ...env, AUTH_JWKS_URL: jwksUrl })).toEqual([]);
  });

  test('come from one place, and an issuer alone checks nothing', () => {
    const both = problemsOf({ AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl });
    expect(both).toEqual([expect.stringMatching(/^AUTH_JWKS_URL: .*one of the two$/)]);
    expect(problemsOf({ AUTH_AUDIENCE: 'rooms' })).toEqual([expect.stringMatching(/^AUTH_AUDIENCE: checks nothing/)]);
  });

  test.each([
    [{ AUTH_JWT_SECRET: secret, ALLOW_LOCAL_VIEWER: 'on' }, /^ALLOW_LOCAL_VIEWER has no effect/],
    [{ AUTH_JWKS_URL: 'http://login.internal/keys.json' }, /^AUTH_JWKS_URL is not https/],
  ])('%j is doubted', (env, warning) => {
    expect(parseConfig(env).warnings).toEqual([expect.stringMatching(warning)]);
  });
});

describe('several processes', () => {
  const shared = { REDIS_URL: 'redis://localhost:6379', DATABASE_URL: 'postgres://localhost/rooms' };

  test.each(['api', 'worker'])('with the role %s need what they share', (role) => {
    const env = { ROLE: role, PUBLIC_URL: 'https://example.com' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^ROLE: .*set REDIS_URL and DATABASE_URL/)]);
    expect(problemsOf({ ...env, REDIS_URL: shared.REDIS_URL })).toEqual([
      expect.stringMatching(/^ROLE: .*DATABASE_URL/),
    ]);
    expect(parseConfig({ ...env, ...shared }).role).toBe(role);
  });

  test('a worker needs to know where the pages are served that it publishes', () => {
    const worker = { ...shared, ROLE: 'worker' };
    expect(problemsOf(worker)).toEqual([expect.stringMatching(/^PUBLIC_URL: must be set for a worker/)]);
    expect(problemsOf({ ...worker, DEPLOY_AGENT_URL: 'http://localhost:3005' })).toEqual([]);
  });

  test('limit an agent over all of them, when asked to', () => {
    expect(parseConfig({}).agents.asset.limits).toEqual({
      ...{ concurrency: 50, globalConcurrency: null, ratePerMinute: null },
    });
    const env = { ASSET_AGENT_GLOBAL_CONCURRENCY: '4', ASSET_AGENT_RATE_PER_MINUTE: '90' };
    expect(parseConfig(env).agents.asset.limits).toMatchObject({ globalConcurrency: 4, ratePerMinute: 90 });
  });
});

describe('production', () => {
  const env = { NODE_ENV: 'production', ALLOW_LOCAL_VIEWER: 'on' };

  test('has neither GraphiQL nor introspection', () => {
    expect(parseConfig(env)).toMatchObject({ production: true, server: { graphiql: false, introspection: false } });
  });

  test('has what was turned on', () => {
    const { server } = parseConfig({ ...env, GRAPHIQL: 'on', INTROSPECTION: 'on' });
    expect(server).toMatchObject({ graphiql: true, introspection: true });
  });
});

describe('variables of other programs', () => {
  test('are ignored, and misspelt ones of ours are mentioned', () => {
    const env = { PATH: '/bin', PORTS: '1', RETRY_MAX_ATTEMPT: '3', STORY_AGENT_TIMEOUT: '1', ['__proto__']: 'x' };
    expect(parseConfig(env).warnings).toEqual([
      'RETRY_MAX_ATTEMPT is not a variable of this service',
      'STORY_AGENT_TIMEOUT is not a variable of this service',
    ]);
  });
});

test('whatever the environment holds, only a ConfigError is thrown', () => {
  const name = fc.oneof(fc.constantFrom(...Object.keys(VARIABLES), ...UNAVAILABLE_VARIABLES), fc.string());
  const text = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.string().map((rest) => `postgres://${rest}`),
    fc.string().map((rest) => `http://${rest}`),
    fc.constantFrom('on', 'off', 'api', 'worker', '::', '%', '\0', '\ud800', undefined),
  );
  fc.assert(
    fc.property(fc.dictionary(name, text), (env) => {
      problemsOf(env);
    }),
    { numRuns: 300 },
  );
});

describe('.env.example', () => {
  const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');
  const shown = lines.flatMap((line) => [...line.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/g)].map((m) => [m[1], m[2]]));

  test('shows every variable once, with its default', () => {
    const defaults = Object.entries(VARIABLES).map(([name, schema]) => [name, schema.def.defaultValue ?? '']);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(defaults));
    expect(shown).toHaveLength(defaults.length);
  });

  test('sets nothing by itself, and could be used whole', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(parseConfig(Object.fromEntries(shown))).toEqual(parseConfig({}));
  });
});
