import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { OrchestratorOptions } from '../../../src/library/options.ts';
import { orchestratorSettings, redisUrlOf } from '../../../src/library/resolve-settings.ts';
import { AGENT_NAMES } from '../../../src/orchestrator/domain/agents.ts';

const NUMBERS = [
  'STORY_AGENT_TIMEOUT_MS',
  'ASSET_AGENT_TIMEOUT_MS',
  'CODE_AGENT_TIMEOUT_MS',
  'DEPLOY_AGENT_TIMEOUT_MS',
  'RETRY_MAX_ATTEMPTS',
  'RETRY_INITIAL_DELAY_MS',
  'RETRY_BACKOFF_MULTIPLIER',
  'RETRY_MAX_DELAY_MS',
];

const outcome = <T>(read: () => T) => {
  try {
    return read();
  } catch {
    return 'refused';
  }
};

/** The service's reading of the same environment, in the library's shape. */
function ofService(env: Record<string, string>) {
  const { agents, retry } = parseConfig(env);
  return { timeoutsMs: AGENT_NAMES.map((name) => agents[name].timeoutMs), policy: retry };
}

function ofLibrary(env: Record<string, string>) {
  const { agents, policy } = orchestratorSettings({}, env);
  return { timeoutsMs: AGENT_NAMES.map((name) => agents[name].timeoutMs), policy };
}

const numeric = () =>
  fc.oneof(
    fc.integer({ min: -2, max: 200 }).map(String),
    fc.double({ min: 0, max: 200, noNaN: true }).map(String),
    fc.constantFrom('', ' 7 ', '1e3', '0x10', '2147483647', '2147483648', '1.5', '.5', '5.', 'ten', 'Infinity', 'NaN'),
  );

describe('environment variables', () => {
  test('every number means the same to the library as to the service', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NUMBERS), numeric(), (name, text) => {
        const env = { [name]: text };
        expect(outcome(() => ofLibrary(env))).toEqual(outcome(() => ofService(env)));
      }),
      { numRuns: 500 },
    );
  });

  test('every URL means the same to the library as to the service, except the default URLs of agents', () => {
    expect(AGENT_NAMES.map((name) => orchestratorSettings({}, {}).agents[name].url)).toEqual([
      'http://localhost:3002',
      'http://localhost:3003',
      'http://localhost:3004',
      'http://localhost:3005',
    ]);
    const env = { STORY_AGENT_URL: ' https://a.example/x ', ASSET_AGENT_URL: '' };
    expect(orchestratorSettings({}, env).agents).toMatchObject({
      story: { url: 'https://a.example/x' },
      asset: { url: 'http://localhost:3003' },
    });
    const addresses = ['redis://h', 'rediss://u:p@h:1/2', 'http://h', 'h:6379', 'redis://', 'redis://h:99999'];
    const forms = ['redis://[::1]', 'unix:///run/redis.sock', 'redis+sentinel://a,b/main', 'redis://a,b'];
    for (const REDIS_URL of [...addresses, ...forms]) {
      const isTaken = outcome(() => parseConfig({ REDIS_URL })) !== 'refused';
      expect(outcome(() => redisUrlOf(undefined, { REDIS_URL })) !== 'refused').toBe(isTaken);
    }
    expect(redisUrlOf('', { REDIS_URL: '' })).toBe('redis://localhost:6379');
  });
});

describe('options', () => {
  test('an option overrides its environment variable, and undefined does not', () => {
    const env = { RETRY_MAX_ATTEMPTS: '7', STORY_AGENT_TIMEOUT_MS: '70' };
    const given = orchestratorSettings({ retry: { maxAttempts: 1 }, agents: { story: { timeoutMs: 1.5 } } }, env);
    expect([given.policy.maxAttempts, given.agents.story.timeoutMs]).toEqual([1, 1.5]);
    const left = orchestratorSettings({ retry: { maxAttempts: undefined }, agents: { story: undefined } }, env);
    expect([left.policy.maxAttempts, left.agents.story.timeoutMs]).toEqual([7, 70]);
  });

  test.each([
    ['retry.maxAttempts', { retry: { maxAttempts: 1.5 } }],
    ['retry.maxAttempts', { retry: { maxAttempts: 0 } }],
    ['retry.initialDelayMs', { retry: { initialDelayMs: Number.NaN } }],
    ['retry.multiplier', { retry: { multiplier: Number.POSITIVE_INFINITY } }],
    ['retry.maxDelayMs', { retry: { maxDelayMs: '5' as unknown as number } }],
    ['agents.code.timeoutMs', { agents: { code: { timeoutMs: 0 } } }],
    ['agents.deploy.url', { agents: { deploy: { url: 'file:///etc/passwd' } } }],
    ['agents.deploy.url', { agents: { deploy: { url: 3005 } } }],
    ['agents.story', { agents: { story: 'http://localhost:3002' } }],
    ['agents', { agents: 'http://localhost:3002' }],
    ['retry', { retry: null }],
    ['options', null],
  ])('an invalid value of %s is rejected by name', (name, given) => {
    const options = given as OrchestratorOptions; // callers in JavaScript may pass anything
    expect(() => orchestratorSettings(options, {})).toThrow(new RegExp(`^${name}: must be `));
    expect(() => orchestratorSettings(options, {})).toThrow(TypeError);
  });
});
