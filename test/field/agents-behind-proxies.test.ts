import { describe, expect, onTestFinished, vi } from 'vitest';
import { attemptAgent } from '../support/agents/attempt-agent.ts';
import { json } from '../support/agents/scripted-answers.ts';
import { collect, dataOf, query, subscribeWs } from '../support/clients/graphql-clients.ts';
import { test } from '../support/engine/fixtures.ts';
import { makeCertificates } from '../support/network/certificates.ts';
import { freePort } from '../support/network/free-port.ts';
import { startHaproxy, startNginx } from '../support/network/http-proxies.ts';
import { agentUrls, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';

/** Larger than all buffers between client and proxy. */
const STORY = 'x'.repeat(3 * 1024 * 1024);
const RUNS = 20;

/** The failures of many attempts, each counted once. */
async function failuresOf(url: string): Promise<unknown[]> {
  const found = new Set<string>();
  for (let run = 0; run < RUNS; run += 1) {
    const urls = { story: url, asset: url, code: url, deploy: url };
    const { outcome } = await attemptAgent(urls, { input: { story: STORY } });
    found.add(JSON.stringify(outcome.type === 'failed' ? outcome.failure : outcome));
  }
  return [...found].map((failure) => JSON.parse(failure));
}

const TOO_LARGE = {
  code: 'HTTP_STATUS',
  httpStatus: 413,
  message: expect.stringMatching(/^responded with 413 Payload Too Large: 413 Request Entity Too Large nginx/),
};

describe('a proxy that refuses a large request before it has read it', () => {
  test('nginx refuses by client_max_body_size: its page is shown', async () => {
    const url = await startNginx('client_max_body_size 1k; location / { return 200; }');
    expect(await failuresOf(url)).toMatchObject([TOO_LARGE]);
  });

  test('nginx refuses by client_max_body_size, over TLS, and closes at once: its page is shown', async () => {
    const { cert, key } = await makeCertificates(await makeTemporaryFolder(), 'IP:127.0.0.1');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const port = await freePort();
    await startNginx(`
      listen 127.0.0.1:${port} ssl;
      ssl_certificate ${cert}; ssl_certificate_key ${key};
      client_max_body_size 1k; lingering_close off; location / { return 200; }`);
    expect(await failuresOf(`https://127.0.0.1:${port}`)).toMatchObject([TOO_LARGE]);
  });

  test('nginx returns problem+json and closes at once: its reason and its Retry-After count', async () => {
    const url = await startNginx(`
      client_max_body_size 0; lingering_close off; default_type application/problem+json;
      location / {
        add_header Retry-After 7 always;
        return 429 '{"type":"about:blank","title":"Slow down","status":429,"detail":"Try again later."}';
      }`);
    const message = 'responded with 429 Too Many Requests: Slow down: Try again later.';
    expect(await failuresOf(url)).toMatchObject([{ code: 'HTTP_STATUS', message, retryAfterMs: 7_000, final: false }]);
  });

  test('HAProxy returns `retryable: false` as FastAPI does: it is final', async () => {
    const body = '{"detail":{"error":"no key","retryable":false}}';
    const rule = `http-request return status 403 content-type application/json string '${body}'`;
    const url = await startHaproxy(await freePort(), '', rule);
    expect(await failuresOf(url)).toEqual([{ code: 'REFUSED', message: 'no key', final: true, httpStatus: 403 }]);
  });
});

test('a CodeAgent whose proxy permanently refuses a large story is called once, and the step shows the reason', async ({
  database,
  agents,
}) => {
  agents.script.story = () => json({ story: STORY });
  const code = await startNginx(`
    client_max_body_size 0; lingering_close off; default_type application/json;
    location / { return 413 '{"error":"the story is too long","retryable":false}'; }`);
  const service = await startService({ DATABASE_URL: database.url, ...agentUrls({ ...agents.urls, code }) });
  onTestFinished(async () => void (await service.stop()));
  const url = service.graphqlUrl;
  const started = await query<{ startWorkflow: { workflow: { id: string } } }>(
    url,
    'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }',
  );
  const { id } = dataOf(started).startWorkflow.workflow;
  await collect(subscribeWs(url, 'subscription ($id: ID!) { workflowUpdated(workflowId: $id) { id } }', { id }));
  const steps = 'query ($id: ID!) { workflow(id: $id) { steps { agent error attempts { number httpStatus } } } }';
  const { workflow } = dataOf(await query<{ workflow: { steps: unknown[] } }>(url, steps, { id }));
  expect(workflow.steps[2]).toEqual({
    agent: 'CODE',
    error: expect.stringContaining('the story is too long'),
    attempts: [{ number: 1, httpStatus: 413 }],
  });
});
