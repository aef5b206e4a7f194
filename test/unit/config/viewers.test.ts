import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { problemsOf } from './config-problems.ts';

describe('the viewer `local`', () => {
  test.each(['127.0.0.1', '127.8.9.10', 'localhost', 'LocalHost', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'every caller may be the viewer `local` if HOST is %s',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([]);
    },
  );

  test.each(['0.0.0.0', '::', '[::]', '192.168.1.5', 'rooms.internal', '127.0.0.1.example.com'])(
    'HOST %s is refused without tokens unless ALLOW_LOCAL_VIEWER is on',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([expect.stringMatching(/^HOST: .*set ALLOW_LOCAL_VIEWER=on$/)]);
      expect(problemsOf({ HOST: host, ALLOW_LOCAL_VIEWER: 'on' })).toEqual([]);
    },
  );

  test('production is refused without tokens unless ALLOW_LOCAL_VIEWER is on', () => {
    const env = { NODE_ENV: 'production' };
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^NODE_ENV: .*set ALLOW_LOCAL_VIEWER=on$/)]);
    expect(problemsOf({ ...env, ALLOW_LOCAL_VIEWER: 'on' })).toEqual([]);
  });
});

describe('viewer tokens', () => {
  const secret = 'ä'.repeat(16);
  const jwksUrl = 'https://login.example.com/keys.json?v=1';

  test('tokens are checked with a secret of 32 bytes or with a JWKS URL, optionally for one issuer and audience', () => {
    const named = { AUTH_ISSUER: 'https://login.example.com/', AUTH_AUDIENCE: 'rooms' };
    const names = { issuer: 'https://login.example.com/', audience: 'rooms' };
    expect(parseConfig({ AUTH_JWT_SECRET: secret }).auth).toEqual({ keys: { secret }, issuer: null, audience: null });
    expect(parseConfig({ AUTH_JWKS_URL: jwksUrl, ...named }).auth).toEqual({ keys: { jwksUrl }, ...names });
  });

  test('rate limits apply by default with tokens, and to the viewer `local` only if they are set', () => {
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

  test('with tokens the service may listen on any address and run in production', () => {
    const env = { HOST: '0.0.0.0', NODE_ENV: 'production' };
    expect(problemsOf({ ...env, AUTH_JWT_SECRET: secret })).toEqual([]);
    expect(problemsOf({ ...env, AUTH_JWKS_URL: jwksUrl })).toEqual([]);
  });

  test('AUTH_JWT_SECRET and AUTH_JWKS_URL exclude each other, and AUTH_AUDIENCE needs one of them', () => {
    const both = problemsOf({ AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl });
    expect(both).toEqual([expect.stringMatching(/^AUTH_JWKS_URL: .*one of the two$/)]);
    expect(problemsOf({ AUTH_AUDIENCE: 'rooms' })).toEqual([
      expect.stringMatching(/^AUTH_AUDIENCE: has no effect unless/),
    ]);
  });

  test.each([
    [{ AUTH_JWT_SECRET: secret, ALLOW_LOCAL_VIEWER: 'on' }, /^ALLOW_LOCAL_VIEWER has no effect/],
    [{ AUTH_JWKS_URL: 'http://login.internal/keys.json' }, /^AUTH_JWKS_URL is not https/],
  ])('%j gives a warning', (env, warning) => {
    expect(parseConfig(env).warnings).toEqual([expect.stringMatching(warning)]);
  });
});
