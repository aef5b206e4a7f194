import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { UNAVAILABLE_VARIABLES } from '../../../src/config/unknown-variables.ts';
import { problemsOf } from './config-problems.ts';

describe('processes that share the work', () => {
  const shared = { REDIS_URL: 'redis://localhost:6379', DATABASE_URL: 'postgres://localhost/rooms' };

  test.each(['api', 'worker'])('a process with ROLE=%s needs REDIS_URL and DATABASE_URL', (role) => {
    const env = { ROLE: role, PUBLIC_URL: 'https://example.com' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^ROLE: .*set REDIS_URL and DATABASE_URL/)]);
    expect(problemsOf({ ...env, REDIS_URL: shared.REDIS_URL })).toEqual([
      expect.stringMatching(/^ROLE: .*DATABASE_URL/),
    ]);
    expect(parseConfig({ ...env, ...shared }).role).toBe(role);
  });

  test('a worker with the built-in DeployAgent needs PUBLIC_URL', () => {
    const worker = { ...shared, ROLE: 'worker' };
    expect(problemsOf(worker)).toEqual([expect.stringMatching(/^PUBLIC_URL: must be set for a worker/)]);
    expect(problemsOf({ ...worker, DEPLOY_AGENT_URL: 'http://localhost:3005' })).toEqual([]);
  });

  test('an agent’s limits across processes are off unless set', () => {
    expect(parseConfig({}).agents.asset.limits).toEqual({
      concurrency: 50,
      globalConcurrency: null,
      ratePerMinute: null,
    });
    const env = { ASSET_AGENT_GLOBAL_CONCURRENCY: '4', ASSET_AGENT_RATE_PER_MINUTE: '90' };
    expect(parseConfig(env).agents.asset.limits).toMatchObject({ globalConcurrency: 4, ratePerMinute: 90 });
  });
});

describe('NODE_ENV=production', () => {
  const env = { NODE_ENV: 'production', ALLOW_LOCAL_VIEWER: 'on' };

  test('production turns GraphiQL and introspection off', () => {
    expect(parseConfig(env)).toMatchObject({ server: { graphiql: false, introspection: false } });
  });

  test('production keeps GraphiQL and introspection that are explicitly turned on', () => {
    const { server } = parseConfig({ ...env, GRAPHIQL: 'on', INTROSPECTION: 'on' });
    expect(server).toMatchObject({ graphiql: true, introspection: true });
  });
});

describe('variables of later versions', () => {
  test.each(UNAVAILABLE_VARIABLES)(
    '%s is refused rather than ignored, since the feature does not exist yet',
    (name) => {
      expect(problemsOf({ [name]: '60' })).toEqual([`${name}: not available in this version; unset it`]);
      expect(problemsOf({ [name]: '' })).toEqual([]);
    },
  );
});

describe('unknown variables', () => {
  test('variables of other programs are ignored, and a misspelled variable is reported with the nearest name', () => {
    const env = { PATH: '/bin', PORTS: '1', RETRY_MAX_ATTEMPT: '3', STORY_AGENT_TIMEOUT: '1', ['__proto__']: 'x' };
    expect(parseConfig({ ...env, CODE_AGENT_BEHAVIOR: 'fail=1', AUTH_JWT: 'x' }).warnings).toEqual([
      'RETRY_MAX_ATTEMPT is not a variable of this service and is ignored. Did you mean RETRY_MAX_ATTEMPTS?',
      'STORY_AGENT_TIMEOUT is not a variable of this service and is ignored. Did you mean STORY_AGENT_TIMEOUT_MS?',
      'CODE_AGENT_BEHAVIOR is not a variable of this service and is ignored. Did you mean CODE_AGENT_BEHAVIOUR?',
      'AUTH_JWT is not a variable of this service and is ignored.',
    ]);
  });
});
