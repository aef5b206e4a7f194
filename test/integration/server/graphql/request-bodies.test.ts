import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../../src/server/graphql/engine.ts';
import { type RawAnswer, send } from '../../../support/clients/raw-http.ts';
import { startTestServer, type TestServer } from '../../../support/server/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const operation = Buffer.from(JSON.stringify({ query: '{ hello }' }));
const padded = (length: number) => Buffer.from(JSON.stringify({ query: `{ hello } #${'x'.repeat(length)}` }));

async function post(body: Buffer, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return send(server.endpoint, options, body);
}
const errorOf = ({ body }: RawAnswer) => JSON.parse(body.toString()).errors[0];

describe('compressed bodies', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (bytes: Buffer) => bytes],
    ['none', (bytes: Buffer) => bytes],
  ])('a body with Content-Encoding %s is executed', async (encoding, encode) => {
    const answer = await post(encode(operation), { 'content-encoding': encoding });
    expect(JSON.parse(answer.body.toString())).toEqual({ data: { hello: 'hello' } });
  });

  test('a body in raw deflate is executed, as some clients mean by deflate', async () => {
    expect((await post(deflateRawSync(operation), { 'content-encoding': 'deflate' })).status).toBe(200);
  });

  test.each([
    ['zstd', zstdCompressSync(operation)],
    ['gzip, br', brotliCompressSync(gzipSync(operation))],
    ['constructor', operation],
  ])('a body with Content-Encoding %s is refused with the encodings to use', async (encoding, body) => {
    const answer = await post(body, { 'content-encoding': encoding });
    expect(answer.status).toBe(415);
    expect(answer.headers['accept-encoding']).toBe('gzip, deflate, br');
    expect(errorOf(answer)).toEqual({
      message: 'Send the body uncompressed, or with one of these as Content-Encoding: gzip, deflate, br.',
      extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])(
    'a small %s body that becomes too large is refused with 413, and the connection serves on',
    async (name, encode) => {
      const bomb = encode(padded(50 * MAX_REQUEST_BYTES));
      expect(bomb.length).toBeLessThan(MAX_REQUEST_BYTES);
      const answer = await post(bomb, { 'content-encoding': name });
      expect(answer.status).toBe(413);
      expect(errorOf(answer).message).toBe(
        'The body is larger than 1,048,576 bytes, counted after decompression. Send less.',
      );
      expect((await post(operation)).status).toBe(200);
    },
  );

  test.each(['gzip', 'deflate', 'br'])('a body that is not %s although it says so is refused', async (encoding) => {
    const answer = await post(Buffer.from('\x01\x02not compressed'), { 'content-encoding': encoding });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).message).toBe('The body is not in the encoding that Content-Encoding names.');
  });
});

describe('bodies that are not one JSON object in UTF-8', () => {
  const EXPECTED = 'Send one JSON object in UTF-8, with the GraphQL document as `query`.';

  test.each([
    ['gzip without Content-Encoding', gzipSync(operation), `The body is not valid JSON. ${EXPECTED}`],
    ['UTF-16', Buffer.from(`\uFEFF${operation}`, 'utf16le'), `The body is not valid JSON. ${EXPECTED}`],
    ['Latin-1', Buffer.from('{"query":"{ hello } #é"}', 'latin1'), `The body is not valid JSON. ${EXPECTED}`],
    ['a form', Buffer.from('query=%7Bhello%7D'), `The body is not valid JSON. ${EXPECTED}`],
    ['nothing', Buffer.alloc(0), `The body is empty. ${EXPECTED}`],
    ['a string', Buffer.from('"{ hello }"'), `The body is not a JSON object. ${EXPECTED}`],
    ['null', Buffer.from('null'), `The body is not a JSON object. ${EXPECTED}`],
    ['an empty object', Buffer.from('{}'), '`query` is missing: send the GraphQL document in it.'],
    [
      'a batch',
      Buffer.from(`[${operation}]`),
      'The body is a batch of operations, which this API does not support. Send each operation in a separate request.',
    ],
    [
      'an unknown parameter',
      Buffer.from('{"query":"{ hello }","queries":[]}'),
      'The request has the unknown parameter `queries`. Send only query, variables, operationName, extensions.',
    ],
    [
      'a parameter with a strange name',
      Buffer.from('{"query":"{ hello }","\\u001b[31m":1}'),
      'The request has an unknown parameter. Send only query, variables, operationName, extensions.',
    ],
  ])('a body with %s is refused in one sentence that repeats nothing of it', async (_what, body, message) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString())).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    expect(server.logged).toEqual([]);
  });

  test('a byte order mark before the JSON is ignored', async () => {
    expect((await post(Buffer.from(`\uFEFF${operation}`))).status).toBe(200);
  });
});

describe('how a body arrives', () => {
  test('a client that waits for 100 Continue is served', async () => {
    expect((await post(operation, { expect: '100-continue' })).status).toBe(200);
  });

  test('a body in chunks, without a length, is executed', async () => {
    expect((await post(operation, { 'transfer-encoding': 'chunked' })).status).toBe(200);
  });

  test('the connection of a body in chunks that was too large serves the next request', async () => {
    const { Agent } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const options = { method: 'POST', headers, agent };
    expect((await send(server.endpoint, options, padded(3 * MAX_REQUEST_BYTES))).status).toBe(413);
    expect((await send(server.endpoint, options, operation)).status).toBe(200);
    agent.destroy();
  });
});

describe('answers', () => {
  test.each([
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/*;q=0.5', 'application/json; charset=utf-8'],
    ['image/png, application/json', 'application/json; charset=utf-8'],
  ])('a client that accepts %s gets %s', async (accept, type) => {
    const answer = await post(operation, { accept });
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('an operation whose answer would have no acceptable type is refused before it is executed', async () => {
    const answer = await post(operation, { accept: 'image/png' });
    expect(answer.status).toBe(406);
    expect(errorOf(answer).message).toBe(
      'Send the header Accept: application/json, or text/event-stream for a subscription. Answers have no other type.',
    );
  });

  test.each(['PUT', 'DELETE'])('a %s, by which graphql-sse reserves one stream for all, is refused', async (method) => {
    const answer = await send(server.endpoint, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, POST, OPTIONS');
    expect(errorOf(answer).message).toBe(
      'This API has no single-connection mode of GraphQL over SSE. Use distinct connections: create the graphql-sse client without `singleConnection`.',
    );
  });

  test('a refused graphql-sse client with singleConnection shows the reason', async () => {
    const client = createClient({ url: server.endpoint, singleConnection: true, retryAttempts: 0 });
    const answer = client.iterate({ query: '{ __typename }' }).next();
    await expect(answer).rejects.toThrow('Use distinct connections instead of singleConnection');
    client.dispose();
  });
});
