import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { createRedactSecrets } from '../../../src/boot/redact-secrets.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { query } from '../../support/clients/graphql-clients.ts';
import { fetchLog, logText } from '../../support/clients/room-log-clients.ts';
import { test } from '../../support/engine/fixtures.ts';
import { startService } from '../../support/processes/service-process.ts';
import { bearer, SECRET, tokenOf } from '../../support/server/tokens.ts';

const PASSWORD = 'hunter2"pass\\word';

/** An agent that returns everything it was sent, in every field of its response. */
async function startEcho() {
  const server = createServer((req, res) => {
    const sent = JSON.stringify(req.headers);
    const credentials = Buffer.from(req.headers.authorization?.slice(6) ?? '', 'base64').toString();
    const echo = { headers: req.headers, credentials, [credentials]: sent };
    res.writeHead(200, { 'content-type': 'application/x-ndjson' });
    res.write(`${JSON.stringify({ log: { level: 'warn', message: `${sent} ${credentials}`, metadata: echo } })}\n`);
    const good = { story: credentials, imageCid: 'image', code: sent, cid: 'code', echo };
    res.end(`${JSON.stringify(req.url === '/deploy' ? { error: `${credentials} ${sent}` } : { result: good })}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test('configured secrets appear in no response, no room’s log and not in the server log', async ({
  database,
  rows,
}) => {
  const echo = await startEcho();
  const url = `http://ann:${encodeURIComponent(PASSWORD)}@127.0.0.1:${echo.port}`;
  const service = await startService({
    DATABASE_URL: database.url,
    AUTH_JWT_SECRET: SECRET,
    LOG_LEVEL: 'trace',
    RETRY_MAX_ATTEMPTS: '1',
    STORY_AGENT_URL: url,
    ASSET_AGENT_URL: url,
    CODE_AGENT_URL: url,
    DEPLOY_AGENT_URL: url,
  });
  const token = await tokenOf('ada');
  const headers = bearer(token);
  const started = await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(
    service.graphqlUrl,
    'mutation { startWorkflow(input: { userInput: "x" }) { workflow { id } room { id } } }',
    {},
    headers,
  );
  const { workflow, room } = started.data?.startWorkflow ?? { workflow: { id: '' }, room: { id: '' } };
  await rows.ended(workflow.id);
  const seen = await logText(service.graphqlUrl, room.id, headers);
  const plain = await fetchLog(service.graphqlUrl, room.id, headers);
  const broken = await query(service.graphqlUrl, '{ nothing }', {}, bearer(`${token}x`));
  await service.stop();
  echo.close();

  const everything = [
    seen,
    plain,
    JSON.stringify(broken),
    service.output(),
    JSON.stringify(await rows.steps(workflow.id)),
  ];
  const basic = Buffer.from(`ann:${PASSWORD}`).toString('base64');
  for (const text of everything) {
    for (const secret of [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), basic, SECRET, token]) {
      expect(text).not.toContain(secret);
    }
  }
  // The echo arrived: it was redacted, not lost.
  expect(seen).toContain('***');
});

test('secrets are redacted from a line of the server log, however they got there', () => {
  const config = parseConfig({
    AUTH_JWT_SECRET: SECRET,
    OPENAI_API_KEY: 'sk-0123456789',
    DATABASE_URL: 'postgres://me:s%40cret@db/x',
    REDIS_URL: 'redis://:redis-pw@cache',
    STORY_AGENT_URL: 'http://ann:agent-pw@story',
    IPFS_API_URL: 'http://bob:ipfs-pw@127.0.0.1:5001',
    VERCEL_TOKEN: 'vercel-tk',
  });
  const line = `${SECRET} s%40cret s@cret redis-pw agent-pw ipfs-pw vercel-tk sk-0123456789 ${Buffer.from('ann:agent-pw').toString('base64')} eyJhbGciOiJI.eyJzdWIi.c2ln`;
  expect(createRedactSecrets(config)(line)).toBe('*** *** *** *** *** *** *** *** *** ***');
});
