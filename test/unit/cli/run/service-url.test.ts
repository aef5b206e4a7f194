import { describe, expect, test } from 'vitest';
import { serviceUrlFrom } from '../../../../src/cli/run/service-url.ts';

describe('the URL of the service', () => {
  test.each([
    [{}, 'http://127.0.0.1:4000/graphql'],
    [{ PORT: '', HOST: ' ' }, 'http://127.0.0.1:4000/graphql'],
    [{ PORT: '4100', HOST: 'localhost' }, 'http://localhost:4100/graphql'],
    [{ HOST: '0.0.0.0' }, 'http://127.0.0.1:4000/graphql'],
    [{ HOST: '::' }, 'http://[::1]:4000/graphql'],
    [{ HOST: '::1' }, 'http://[::1]:4000/graphql'],
    [{ HOST: '[::1]' }, 'http://[::1]:4000/graphql'],
  ])('the environment %j gives the service URL %s', async (env, url) => {
    const service = await serviceUrlFrom(env);
    expect(service.url.href).toBe(url);
    expect(service.serverEnv).toBe(env);
  });

  test.each([{ PORT: 'http' }, { PORT: '99999' }, { HOST: 'a b' }])(
    'an invalid PORT in %j still gives a URL, and the server reports the value',
    async (env) => {
      const service = await serviceUrlFrom(env);
      expect(service.url.pathname).toBe('/graphql');
      expect(service.serverEnv).toBe(env);
    },
  );
});

test('PORT=0 becomes a free port, which is passed to the server', async () => {
  const { url, serverEnv } = await serviceUrlFrom({ PORT: '0', DATA_DIR: 'data' });
  expect(serverEnv).toEqual({ PORT: url.port, DATA_DIR: 'data' });
  expect(Number(url.port)).toBeGreaterThan(0);
});
