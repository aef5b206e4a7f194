import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { UNAVAILABLE_VARIABLES } from '../../../src/config/unknown-variables.ts';
import { VARIABLES } from '../../../src/config/variables.ts';
import { problemsOf } from './config-problems.ts';

describe('an empty environment', () => {
  test('an empty environment gives the documented defaults', () => {
    const limits = { concurrency: 50, globalConcurrency: null, ratePerMinute: null };
    expect(parseConfig({})).toEqual({
      role: 'all',
      auth: null,
      rateLimits: { startsPerMinute: null, operationsPerMinute: null },
      server: {
        host: '127.0.0.1',
        port: 4000,
        publicUrl: null,
        corsOrigins: null,
        graphiql: true,
        ui: true,
        introspection: true,
        socketsPerViewer: null,
        trustedProxies: 0,
      },
      database: { url: null, dataDir: '.data', poolSize: 10 },
      redisUrl: null,
      agents: {
        story: { url: null, timeoutMs: 30_000, limits, behaviour: null },
        asset: { url: null, timeoutMs: 60_000, limits, behaviour: null },
        code: { url: null, timeoutMs: 60_000, limits, behaviour: null },
        deploy: { url: null, timeoutMs: 120_000, limits, behaviour: null },
      },
      publishing: { ipfsApiUrl: null, vercel: null },
      models: null,
      retry: { maxAttempts: 3, initialDelayMs: 2_000, multiplier: 2, maxDelayMs: 30_000 },
      maxCostUsdPerWorkflow: null,
      maxRunningWorkflowsPerViewer: 20,
      logLimits: { days: null, linesPerRoom: null },
      shutdownGraceMs: 30_000,
      metricsPort: null,
      logLevel: 'info',
      warnings: [],
    });
  });

  test.each(Object.keys(VARIABLES))('an empty or blank %s counts as unset', (name) => {
    expect(parseConfig({ [name]: '' })).toEqual(parseConfig({}));
    expect(parseConfig({ [name]: ' \t' })).toEqual(parseConfig({}));
  });
});

describe('valid values', () => {
  test('a built-in agent’s faults are parsed, and unknown ones refused', () => {
    const { agents } = parseConfig({ CODE_AGENT_BEHAVIOUR: 'fail=2, delay=500', DEPLOY_AGENT_BEHAVIOUR: 'hang' });
    expect(agents.code.behaviour).toEqual({ failTimes: 2, delayMs: 500 });
    expect(agents.deploy.behaviour).toEqual({ hang: true });
    for (const text of ['fail', 'hang=1', 'fail=x', 'sulk', 'fail=1,,hang', 'constructor']) {
      expect(problemsOf({ CODE_AGENT_BEHAVIOUR: text })[0]).toMatch(/^CODE_AGENT_BEHAVIOUR: must be any of/);
    }
    expect(problemsOf({ CODE_AGENT_BEHAVIOUR: 'hang', CODE_AGENT_URL: 'http://localhost:3004' })).toHaveLength(1);
  });

  test('a key or a base URL lets the built-in agents use models, and prices are dollars', () => {
    const none = { inputPerMillion: null, outputPerMillion: null, perImage: null };
    expect(parseConfig({ OPENAI_API_KEY: 'sk-1' }).models).toEqual({
      apiKey: 'sk-1',
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-5.4-mini',
      imageModel: null,
      prices: none,
    });
    const local = {
      OPENAI_BASE_URL: 'http://localhost:11434/v1/',
      OPENAI_MODEL: 'llama3',
      MODEL_PRICE_PER_IMAGE: '0.04',
    };
    expect(parseConfig(local).models).toMatchObject({
      ...{ apiKey: null, baseUrl: 'http://localhost:11434/v1', model: 'llama3', prices: { ...none, perImage: 0.04 } },
    });
    expect(problemsOf({ OPENAI_BASE_URL: 'http://me:secret@localhost' })[0]).toMatch(/^OPENAI_BASE_URL: must be/);
    expect(problemsOf({ OPENAI_API_KEY: 'two words' })).toEqual([expect.stringMatching(/^OPENAI_API_KEY: must be/)]);
    expect(parseConfig({ OPENAI_IMAGE_MODEL: 'x' }).warnings).toEqual([
      expect.stringMatching(/^OPENAI_IMAGE_MODEL has/),
    ]);
    expect(parseConfig({ OPENAI_API_KEY: 'x', MODEL_PRICE_INPUT_PER_MILLION: '1' }).warnings).toEqual([
      expect.stringMatching(/have no effect unless both are set/),
    ]);
  });

  test('an agent’s base URL loses its trailing slash', () => {
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

  test.each(['http://me:pw@127.0.0.1:5001', 'http://me:pw@127.0.0.1:5001/', 'http://me:pw@127.0.0.1:5001/api/v0'])(
    'IPFS_API_URL may be %s, with or without the path of the API',
    (url) => {
      expect(parseConfig({ IPFS_API_URL: url }).publishing.ipfsApiUrl).toBe('http://me:pw@127.0.0.1:5001');
    },
  );

  test('DATABASE_URL and REDIS_URL are kept as written', () => {
    const urls = { DATABASE_URL: 'postgresql:///rooms?host=/run/postgresql', REDIS_URL: 'rediss://:pw@cache:6380/2' };
    const config = parseConfig(urls);
    expect(config.database.url).toBe(urls.DATABASE_URL);
    expect(config.redisUrl).toBe(urls.REDIS_URL);
  });

  test('PUBLIC_URL may have a path, and PORT may be 0', () => {
    const { server } = parseConfig({ PUBLIC_URL: 'https://example.com/rooms/', PORT: '0' });
    expect(server).toMatchObject({ publicUrl: 'https://example.com/rooms', port: 0 });
  });

  test('origins are normalized to what browsers send', () => {
    const { server } = parseConfig({ CORS_ORIGINS: 'https://App.example.com/, http://localhost:5173,' });
    expect(server.corsOrigins).toEqual(['https://app.example.com', 'http://localhost:5173']);
  });

  test('the retry policy is read from its four variables', () => {
    const { retry } = parseConfig({
      RETRY_MAX_ATTEMPTS: '4',
      RETRY_INITIAL_DELAY_MS: '0',
      RETRY_BACKOFF_MULTIPLIER: '1.5',
      RETRY_MAX_DELAY_MS: '100',
    });
    expect(retry).toEqual({ maxAttempts: 4, initialDelayMs: 0, multiplier: 1.5, maxDelayMs: 100 });
  });

  test('MAX_RUNNING_WORKFLOWS_PER_VIEWER=0 means no limit', () => {
    expect(parseConfig({ MAX_RUNNING_WORKFLOWS_PER_VIEWER: '0' }).maxRunningWorkflowsPerViewer).toBeNull();
  });

  test('whitespace around a value is ignored, as left by an .env file with CRLF line ends', () => {
    expect(parseConfig({ PORT: ' 4100\r' }).server.port).toBe(4100);
  });
});

describe('invalid values', () => {
  test.each([
    ['PORT', ['65536', '-1', '4e3', '0x10', '4000.0', 'http', '٤٠٠٠']],
    ['HOST', ['http://localhost', 'a b', '127.0.0.1:4000', '[::1', '*']],
    ['PUBLIC_URL', ['example.com', 'ftp://example.com', 'https://me:pw@example.com', 'https://example.com/?a=1']],
    ['CORS_ORIGINS', ['*', ',', 'example.com', 'https://example.com/path', 'null', 'https://a.example,b']],
    ['UI', ['true', '0', 'OFF', 'no']],
    ['GRAPHIQL', ['true', '1', 'ON', 'yes']],
    ['INTROSPECTION', ['false']],
    ['ALLOW_LOCAL_VIEWER', ['true']],
    ['ROLE', ['both', 'API']],
    ['AUTH_JWT_SECRET', ['x'.repeat(31)]],
    ['AUTH_JWKS_URL', ['login.example.com', 'file:///keys.json', 'https://me:pw@login.example.com/', 'https://a/#b']],
    ['LOG_LEVEL', ['verbose']],
    ['DATABASE_URL', ['mysql://localhost/x', 'localhost:5432', 'postgres://u:p#w@h/x', 'postgres://u:100%@h/x']],
    ['REDIS_URL', ['redis://::1', 'redis://a:b:c']],
    ['ASSET_AGENT_URL', ['localhost:3003', 'http://', 'http:localhost', 'http://localhost:3003/?key=1', 'http://a/#b']],
    ['IPFS_API_URL', ['/ip4/127.0.0.1/tcp/5001', '127.0.0.1:5001', 'http://127.0.0.1:5001/?arg=1', 'ipfs://x']],
    ['VERCEL_TOKEN', ['two words', 'token-for-5€']],
    ['VERCEL_TEAM_ID', ['my team', 'https://vercel.com/team']],
    ['VERCEL_API_URL', ['api.vercel.com', 'https://me:pw@api.vercel.com', 'https://api.vercel.com/?a=1']],
    ['CODE_AGENT_TIMEOUT_MS', ['0', '2147483648', '60s']],
    ['STORY_AGENT_CONCURRENCY', ['0', '10001']],
    ['RETRY_MAX_ATTEMPTS', ['0', '101', '2.5']],
    ['RETRY_INITIAL_DELAY_MS', ['-1', '2147483648']],
    ['RETRY_BACKOFF_MULTIPLIER', ['0.5', '0', 'Infinity', '1e1', '101']],
    ['RETRY_MAX_DELAY_MS', ['2147483648', 'never']],
    ['SHUTDOWN_GRACE_MS', ['2147483648']],
    ['MAX_RUNNING_WORKFLOWS_PER_VIEWER', ['-1', 'unlimited']],
  ])('%s refuses each of %j', (name, texts) => {
    for (const text of texts) {
      const problems = problemsOf({ [name]: text });
      expect(problems, text).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name}: must be `));
    }
  });

  test('all invalid variables are reported at once, including those that break a rule between variables', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', ROLE: 'api', HOST: '0.0.0.0', AUTH_ISSUER: 'x' })).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^LOG_LEVEL: /),
      expect.stringMatching(/^ROLE: /),
      expect.stringMatching(/^AUTH_ISSUER: /),
      expect.stringMatching(/^HOST: /),
    ]);
  });

  test('an invalid variable is not reported a second time by a rule that involves it', () => {
    expect(problemsOf({ HOST: '::', ALLOW_LOCAL_VIEWER: 'x' })).toEqual([
      expect.stringMatching(/^ALLOW_LOCAL_VIEWER: /),
    ]);
  });

  test.each(Object.keys(VARIABLES))('an error about %s does not repeat the value, since it may be a secret', (name) => {
    const problems = problemsOf({ [name]: 'hunter2://:hunter2@' });
    expect(problems.join()).not.toContain('hunter2');
  });
});

test('parseConfig throws nothing but a ConfigError, whatever the environment holds', () => {
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
