import { expect, test } from 'vitest';
import { variablesOfAgent } from '../../../src/config/lone-agent-variables.ts';

test('an agent alone reads what concerns it, and ignores what only the service reads', () => {
  const read = {
    PUBLIC_URL: 'http://code.example',
    DATA_DIR: '/data',
    SHUTDOWN_GRACE_MS: '5',
    LOG_LEVEL: 'warn',
    ASSET_AGENT_URL: 'http://asset.example',
    CODE_AGENT_BEHAVIOUR: 'fail=1',
    VERCEL_TEAM_ID: 'my-team',
    OPENAI_MODEL: 'a-model',
    OTHER_PROGRAM: 'x',
  };
  const ignored = {
    HOST: '0.0.0.0',
    PORT: 'abc',
    NODE_ENV: 'production',
    AUTH_JWT_SECRET: 'short',
    DATABASE_URL: 'nonsense',
    REDIS_URL: 'nonsense',
    ROLE: 'worker',
    CODE_AGENT_URL: 'http://itself.example',
    ASSET_AGENT_BEHAVIOUR: 'hang',
    RETRY_MAX_ATTEMPTS: '0',
    LOG_RETENTION_DAYS: '0',
    METRICS_PORT: 'abc',
    CODE_AGENT_TIMEOUT_MS: '0',
    ASSET_AGENT_CONCURRENCY: '0',
  };
  expect(variablesOfAgent('code', { ...read, ...ignored })).toEqual(read);
});
