import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identify } from '../../../../src/orchestrator/ports/caller.ts';
import { RequestError } from '../../../../src/orchestrator/request-error.ts';
import { collect, query, subscribeSse, subscribeWs } from '../../../support/clients/graphql-clients.ts';
import { DatabaseUnavailable } from '../../../support/server/test-schema.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

const identify: Identify = async ({ authorization }) => {
  if (authorization === 'Bearer unverifiable') throw new DatabaseUnavailable('keys cannot be read');
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

describe('valid tokens', () => {
  test('a token identifies the viewer over HTTP', async () => {
    expect(await query(server.endpoint, document, {}, bearer)).toEqual({ data: { viewerId: 'ada' } });
  });

  test('a token identifies the viewer over SSE', async () => {
    expect(await collect(subscribeSse(server.endpoint, document, {}, bearer))).toEqual([{ data: { viewerId: 'ada' } }]);
  });

  test('a token in connectionParams identifies the viewer over WebSocket', async () => {
    const connectionParams = { authorization: 'Bearer ada' };
    const answers = collect(subscribeWs(server.endpoint, document, {}, { connectionParams }));
    expect(await answers).toEqual([{ data: { viewerId: 'ada' } }]);
  });
});

describe('missing tokens', () => {
  test('HTTP answers 401 with an error code without a token', async () => {
    const response = await fetch(`${server.endpoint}?query=${document}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({
      errors: [{ message: 'Send a token.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('SSE answers 401 without a token', async () => {
    await expect(collect(subscribeSse(server.endpoint, document))).rejects.toMatchObject({ response: { status: 401 } });
  });

  test('a WebSocket is closed with 4403 without a token', async () => {
    await expect(collect(subscribeWs(server.endpoint, document))).rejects.toMatchObject({ code: 4403 });
  });

  test('GraphiQL is served without a token, so that one can be entered', async () => {
    const response = await fetch(server.endpoint, { method: 'HEAD', headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
  });
});

describe('failing authentication', () => {
  test('HTTP answers 503 with a retry delay while tokens cannot be checked', async () => {
    const response = await fetch(`${server.endpoint}?query=${document}`, {
      headers: { Authorization: 'Bearer unverifiable' },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
  });

  test('a WebSocket is closed with a code after which clients reconnect while tokens cannot be checked', async () => {
    const connectionParams = { authorization: 'Bearer unverifiable' };
    const answers = collect(subscribeWs(server.endpoint, document, {}, { connectionParams }));
    await expect(answers).rejects.toMatchObject({ code: 1013 });
  });
});
