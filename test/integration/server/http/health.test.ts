import { describe, expect, test } from 'vitest';
import { get, upgrade } from '../../../support/clients/raw-http.ts';
import { startTestServer } from '../../../support/server/test-server.ts';

const answerOf = async (url: string, headers: Record<string, string> = {}) => {
  const { status, body } = await get(url, headers);
  return [status, JSON.parse(body.toString())];
};

describe('health', () => {
  test('is told with its details', async () => {
    await using server = await startTestServer({
      health: { live: () => ({ ok: true }), ready: async () => ({ ok: true, details: { database: 'ok' } }) },
    });
    expect(await answerOf(`${server.url}/health/live`)).toEqual([200, { status: 'ok' }]);
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([200, { status: 'ok', database: 'ok' }]);
  });

  test('is 503 when it is bad, or cannot be told', async () => {
    await using server = await startTestServer({
      health: {
        live: () => ({ ok: false, details: { eventLoop: 'stuck' } }),
        ready: () => Promise.reject(new Error()),
      },
    });
    expect(await answerOf(`${server.url}/health/live`)).toEqual([503, { status: 'unavailable', eventLoop: 'stuck' }]);
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([503, { status: 'unavailable' }]);
  });

  test('is told to a probe that comes by any name', async () => {
    await using server = await startTestServer();
    expect((await get(`${server.url}/health/ready`, { Host: 'api.internal' })).status).toBe(200);
  });
});

describe('a worker', () => {
  test('serves health and nothing else', async () => {
    await using server = await startTestServer({ role: 'worker' });
    expect((await get(`${server.url}/health/ready`)).status).toBe(200);
    expect((await get(`${server.endpoint}?query={hello}`)).status).toBe(404);
    expect((await get(`${server.url}/`)).status).toBe(404);
    expect((await upgrade(server.endpoint)).status).toBe(404);
  });
});

describe('a server that drains', () => {
  test('is not ready, but alive, and still answers', async () => {
    await using server = await startTestServer();
    server.drain();
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([503, { status: 'draining' }]);
    expect(await answerOf(`${server.url}/health/live`)).toEqual([200, { status: 'ok' }]);
    expect(await answerOf(`${server.endpoint}?query={hello}`)).toEqual([200, { data: { hello: 'hello' } }]);
  });

  test('keeps no connection alive', async () => {
    await using server = await startTestServer();
    server.drain();
    expect((await get(`${server.url}/health/live`)).headers['connection']).toBe('close');
  });
});

describe('a port in use', () => {
  test('is told in one line that names the port and PORT', async () => {
    await using first = await startTestServer();
    const second = startTestServer({ port: first.port });
    await expect(second).rejects.toThrow(
      new RegExp(`^Port ${first.port} on 127.0.0.1 is in use: stop the program that has it, or set PORT to [^\n]*$`),
    );
  });

  test('a HOST that is not ours is told likewise', async () => {
    await expect(startTestServer({ host: '192.0.2.1' })).rejects.toThrow(
      'HOST 192.0.2.1 is no address of this machine.',
    );
  });
});
