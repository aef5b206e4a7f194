import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';

const TOKEN = 'vercel-token-of-a-test';
const EXTERNAL = Object.fromEntries(
  ['STORY', 'ASSET', 'CODE', 'DEPLOY'].map((name) => [`${name}_AGENT_URL`, 'http://a']),
);

describe('publishing', () => {
  test('VERCEL_TOKEN deploys to the API of Vercel, in the account of the token', () => {
    expect(parseConfig({ VERCEL_TOKEN: TOKEN }).publishing.vercel).toEqual({
      apiUrl: 'https://api.vercel.com',
      token: TOKEN,
      team: null,
    });
  });

  test('a team and the URL of another API may be given', () => {
    const env = { VERCEL_TOKEN: TOKEN, VERCEL_TEAM_ID: 'team_1', VERCEL_API_URL: 'http://127.0.0.1:9/v/' };
    expect(parseConfig(env)).toMatchObject({
      publishing: { vercel: { team: 'team_1', apiUrl: 'http://127.0.0.1:9/v' } },
      warnings: [],
    });
  });

  test.each([
    [{ VERCEL_TEAM_ID: 'team_1' }, /^VERCEL_TEAM_ID has no effect without VERCEL_TOKEN$/],
    [{ VERCEL_TOKEN: TOKEN, DEPLOY_AGENT_URL: 'http://a' }, /^VERCEL_TOKEN has no effect: DEPLOY_AGENT_URL/],
    [{ VERCEL_TOKEN: TOKEN, VERCEL_API_URL: 'http://vercel.internal' }, /^VERCEL_API_URL is not https/],
    [{ IPFS_API_URL: 'http://127.0.0.1:5001', ...EXTERNAL }, /^IPFS_API_URL has no effect/],
  ])('%j gives a warning', (env, warning) => {
    expect(parseConfig(env).warnings).toEqual([expect.stringMatching(warning)]);
  });
});
