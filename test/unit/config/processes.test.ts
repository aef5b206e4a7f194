import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { UNAVAILABLE_VARIABLES } from '../../../src/config/unknown-variables.ts';
import { problemsOf } from '../../support/config-problems.ts';

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
    expect(parseConfig(env)).toMatchObject({ server: { graphiql: false, introspection: false } });
  });

  test('has what was turned on', () => {
    const { server } = parseConfig({ ...env, GRAPHIQL: 'on', INTROSPECTION: 'on' });
    expect(server).toMatchObject({ graphiql: true, introspection: true });
  });
});

describe('features of later versions', () => {
  test.each(UNAVAILABLE_VARIABLES)('%s is refused rather than ignored', (name) => {
    expect(problemsOf({ [name]: '60' })).toEqual([`${name}: not available in this version; unset it`]);
    expect(problemsOf({ [name]: '' })).toEqual([]);
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
