import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RequestError } from '../../../../src/orchestrator/errors.ts';
import type { Identify } from '../../../../src/orchestrator/ports/caller.ts';
import { collect, query, subscribeSse, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { DatabaseUnavailable } from '../../../support/server/test-schema.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

const identify: Identify = async ({ authorization }) => {
  if (authorization === 'Bearer away') throw new DatabaseUnavailable('keys cannot be read');
  const viewerId = /^Bearer (\w+)$/.exec(authorization ?? '')?.[1];
  if (viewerId === undefined) throw new RequestError('UNAUTHENTICATED', 'Send a token.');
  return { viewerId };
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ identify, localViewer: false });
});
afterAll(() => server.close());

const document = '{ viewerId }';
const bearer = { Authorization: 'Bearer ada' };

describe('a token', () => {
  test('says who asks over HTTP', async () => {
    expect(await query(server.endpoint, document, {}, bearer)).toEqual({ data: { viewerId: 'ada' } });
  });

  test('says who asks over SSE', async () => {
    expect(await collect(subscribeSse(server.endpoint, document, {}, bearer))).toEqual([{ data: { viewerId: 'ada' } }]);
  });

  test('says who asks over WebSocket, in connectionParams', async () => {
    const connectionParams = { authorization: 'Bearer ada' };
    const answers = collect(subscribeWs(server.endpoint, document, {}, { connectionParams }));
    expect(await answers).toEqual([{ data: { viewerId: 'ada' } }]);
  });
});

describe('without a good token', () => {
  test('HTTP answers 401 with the code', async () => {
    const response = await fetch(`${server.endpoint}?query=${document}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({
      errors: [{ message: 'Send a token.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('SSE answers 401', async () => {
    await expect(collect(subscribeSse(server.endpoint, document))).rejects.toMatchObject({ response: { status: 401 } });
  });

  test('a WebSocket is closed with 4403', async () => {
    await expect(collect(subscribeWs(server.endpoint, document))).rejects.toMatchObject({ code: 4403 });
  });

  test('GraphiQL is served, so that one can be entered', async () => {
    const response = await fetch(server.endpoint, { method: 'HEAD', headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
  });
});

describe('while nobody can tell who asks', () => {
  test('HTTP answers 503 and says when to come back', async () => {
    const response = await fetch(`${server.endpoint}?query=${document}`, { headers: { Authorization: 'Bearer away' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
  });

  test('a WebSocket is closed with a code that makes clients come back', async () => {
    const connectionParams = { authorization: 'Bearer away' };
    const answers = collect(subscribeWs(server.endpoint, document, {}, { connectionParams }));
    await expect(answers).rejects.toMatchObject({ code: 1013 });
  });
});
