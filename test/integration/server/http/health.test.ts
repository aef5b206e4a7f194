import { describe, expect, test } from 'vitest';
import { get, upgrade } from '../../../support/clients/raw-http.ts';
import { startTestServer } from '../../../support/server/test-server.ts';

const answerOf = async (url: string, headers: Record<string, string> = {}) => {
  const { status, body } = await get(url, headers);
  return [status, JSON.parse(body.toString())];
};

describe('health', () => {
  test('health is reported with its details', async () => {
    await using server = await startTestServer({
      health: { live: () => ({ ok: true }), ready: async () => ({ ok: true, details: { database: 'ok' } }) },
    });
    expect(await answerOf(`${server.url}/health/live`)).toEqual([200, { status: 'ok' }]);
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([200, { status: 'ok', database: 'ok' }]);
  });

  test('health is 503 if it is bad or its check fails', async () => {
    await using server = await startTestServer({
      health: {
        live: () => ({ ok: false, details: { eventLoop: 'stuck' } }),
        ready: () => Promise.reject(new Error()),
      },
    });
    expect(await answerOf(`${server.url}/health/live`)).toEqual([503, { status: 'unavailable', eventLoop: 'stuck' }]);
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([503, { status: 'unavailable' }]);
  });

  test('health is reported to a probe with any host name', async () => {
    await using server = await startTestServer();
    expect((await get(`${server.url}/health/ready`, { Host: 'api.internal' })).status).toBe(200);
  });
});

describe('workers', () => {
  test('a worker serves health and nothing else', async () => {
    await using server = await startTestServer({ role: 'worker' });
    expect((await get(`${server.url}/health/ready`)).status).toBe(200);
    expect((await get(`${server.endpoint}?query={hello}`)).status).toBe(404);
    expect((await get(`${server.url}/`)).status).toBe(404);
    expect((await upgrade(server.endpoint)).status).toBe(404);
  });
});

describe('draining', () => {
  test('a draining server is not ready, but alive, and still answers', async () => {
    await using server = await startTestServer();
    server.drain();
    expect(await answerOf(`${server.url}/health/ready`)).toEqual([503, { status: 'draining' }]);
    expect(await answerOf(`${server.url}/health/live`)).toEqual([200, { status: 'ok' }]);
    expect(await answerOf(`${server.endpoint}?query={hello}`)).toEqual([200, { data: { hello: 'hello' } }]);
  });

  test('a draining server keeps no connection alive', async () => {
    await using server = await startTestServer();
    server.drain();
    expect((await get(`${server.url}/health/live`)).headers['connection']).toBe('close');
  });
});

describe('errors of listening', () => {
  test('a port in use is reported in one line that names the port and PORT', async () => {
    await using first = await startTestServer();
    const second = startTestServer({ port: first.port });
    await expect(second).rejects.toThrow(
      new RegExp(`^Port ${first.port} on 127.0.0.1 is in use\\. Stop the program that uses it, or set PORT to [^\n]*$`),
    );
  });

  test('a HOST that is not an address of this machine is reported in one line', async () => {
    await expect(startTestServer({ host: '192.0.2.1' })).rejects.toThrow(
      'HOST 192.0.2.1 is not an address of this machine.',
    );
  });
});
