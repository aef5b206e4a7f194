import { describe, expect, test } from 'vitest';
import { addressOf } from '../../../demo/address.ts';

describe('the API is expected', () => {
  test.each([
    [{}, 'http://127.0.0.1:4000/graphql'],
    [{ PORT: '', HOST: ' ' }, 'http://127.0.0.1:4000/graphql'],
    [{ PORT: '4100', HOST: 'localhost' }, 'http://localhost:4100/graphql'],
    [{ HOST: '0.0.0.0' }, 'http://127.0.0.1:4000/graphql'],
    [{ HOST: '::' }, 'http://[::1]:4000/graphql'],
    [{ HOST: '::1' }, 'http://[::1]:4000/graphql'],
    [{ HOST: '[::1]' }, 'http://[::1]:4000/graphql'],
  ])('with %j at %s', async (env, url) => {
    const address = await addressOf(env);
    expect(address.url.href).toBe(url);
    expect(address.serverEnv).toBe(env);
  });

  test.each([{ PORT: 'http' }, { PORT: '99999' }, { HOST: 'a b' }])(
    'somewhere, while a server is left to complain about %j',
    async (env) => {
      const address = await addressOf(env);
      expect(address.url.pathname).toBe('/graphql');
      expect(address.serverEnv).toBe(env);
    },
  );
});

test('PORT=0 becomes a free port, which the server is told', async () => {
  const { url, serverEnv } = await addressOf({ PORT: '0', DATA_DIR: 'data' });
  expect(serverEnv).toEqual({ PORT: url.port, DATA_DIR: 'data' });
  expect(Number(url.port)).toBeGreaterThan(0);
});
