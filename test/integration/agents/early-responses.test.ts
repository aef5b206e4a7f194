import { describe, expect, test } from 'vitest';
import { attemptAgent } from '../../support/agents/attempt-agent.ts';
import { CLOSINGS, startEarlyResponders } from '../../support/agents/early-responder.ts';

/** Larger than all buffers between client and agent, so that the agent closes while the client is writing. */
const input = { story: 'x'.repeat(3 * 1024 * 1024) };
const RUNS = 20;

function head(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nRetry-After: 7\r\n\r\n${body}`;
}

/** The outcomes of many attempts, each as JSON and counted once. */
async function outcomesOf(url: string): Promise<unknown[]> {
  const found = new Set<string>();
  for (let run = 0; run < RUNS; run += 1) {
    const { outcome } = await attemptAgent({ story: url, asset: url, code: url, deploy: url }, { input });
    found.add(JSON.stringify(outcome));
  }
  return [...found].map((outcome) => JSON.parse(outcome));
}

describe('an agent that responds before it has read a large request', () => {
  const refusal = '{"error":"the story is too long","retryable":false}';
  test.each([...CLOSINGS])('its refusal counts when it then does “%s”', async (closing) => {
    const agents = await startEarlyResponders(head('413 Payload Too Large', refusal));
    const failure = { code: 'REFUSED', message: 'the story is too long', final: true, httpStatus: 413 };
    expect(await outcomesOf(agents.urls[closing])).toEqual([{ type: 'failed', failure }]);
    await agents.close();
  });

  test('its Retry-After counts', async () => {
    const agents = await startEarlyResponders(head('429 Too Many Requests', '{"detail":"slow down, please"}'));
    const message = 'responded with 429 Too Many Requests: slow down, please';
    const failure = { code: 'HTTP_STATUS', message, final: false, httpStatus: 429, retryAfterMs: 7_000 };
    expect(await outcomesOf(agents.urls.reset)).toEqual([{ type: 'failed', failure }]);
    await agents.close();
  });

  test('its result counts', async () => {
    const agents = await startEarlyResponders(head('200 OK', '{"story":"I know this one already"}'));
    const result = { story: 'I know this one already' };
    expect(await outcomesOf(agents.urls.close)).toEqual([{ type: 'succeeded', result }]);
    expect(await outcomesOf(agents.urls['stay open'])).toEqual([{ type: 'succeeded', result }]);
    await agents.close();
  });

  test('its result counts even without a Content-Length, and however the connection is closed', async () => {
    const agents = await startEarlyResponders('HTTP/1.0 200 OK\r\n\r\n{"story":"I know this one already"}');
    const result = { story: 'I know this one already' };
    for (const closing of ['close', 'reset', 'close later'] as const) {
      expect(await outcomesOf(agents.urls[closing])).toEqual([{ type: 'succeeded', result }]);
    }
    await agents.close();
  });

  test('an agent that resets the connection without a response is CONNECTION', async () => {
    const agents = await startEarlyResponders('');
    const message = expect.stringMatching(/closed the connection before the response was complete$/);
    expect(await outcomesOf(agents.urls.reset)).toMatchObject([{ failure: { code: 'CONNECTION', message } }]);
    await agents.close();
  });
});

test('an error response that never ends counts after 5 s', async () => {
  const agents = await startEarlyResponders('HTTP/1.1 503 Service Unavailable\r\n\r\nthe agent is being restarted');
  const url = agents.urls['stay open'];
  const { outcome } = await attemptAgent({ story: url, asset: url, code: url, deploy: url }, { input });
  expect(outcome).toMatchObject({
    failure: { code: 'HTTP_STATUS', message: 'responded with 503 Service Unavailable: the agent is being restarted' },
  });
  await agents.close();
});
