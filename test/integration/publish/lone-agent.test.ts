import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { startLoneAgent } from '../../../src/lone-agent.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { freePort } from '../../support/network/free-port.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { startKubo } from '../../support/publish/kubo-server.ts';
import { startVercel } from '../../support/publish/vercel-server.ts';
import { waitFor } from '../../support/wait-for.ts';

const TOKEN = 'vercel-token-of-a-test';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  closing.push(() => rm(folder, { recursive: true }));
  return folder;
}

/** An agent alone, and its log. */
async function start(name: AgentName, folder: string, env: Record<string, string>) {
  let text = '';
  const log = pino({ level: 'trace' }, { write: (line: string) => (text += line) });
  const agent = await startLoneAgent({ name, host: '127.0.0.1', port: 0, folder, config: parseConfig(env), log });
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await agent.close(0);
    isClosed = true;
  };
  closing.push(close);
  return { ...agent, close, log: () => text };
}

async function call(url: string, body: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
    body: JSON.stringify(body),
  });
  return response.text();
}

test('an agent alone adds what it makes to IPFS, after a restart if the node was down', async () => {
  const port = await freePort();
  const folder = await temporaryFolder();
  const env = { IPFS_API_URL: `http://127.0.0.1:${port}` };
  const first = await start('story', folder, env);
  expect(await call(`${first.url}/generate`, { input: 'a lamp that hums' })).toContain('It will be added later');
  await waitFor('the check at the start', () => first.log().includes('IPFS is not reachable'));
  await first.close();

  const kubo = await startKubo({ port });
  closing.push(kubo.close);
  const second = await start('story', folder, env);
  await waitFor('the story on IPFS', () => kubo.pinned.size === 1);
  await waitFor('the check at the start', () => second.log().includes(`by Kubo 0.44.0 at ${kubo.url}`));
});

test('a DeployAgent alone deploys to Vercel', async () => {
  const vercel = await startVercel({ token: TOKEN, team: 'my-team' });
  closing.push(vercel.close);
  const { url, log } = await start('deploy', await temporaryFolder(), {
    VERCEL_TOKEN: TOKEN,
    VERCEL_TEAM_ID: 'my-team',
    VERCEL_API_URL: vercel.url,
  });
  const answer = await call(`${url}/deploy`, { codeCid: null, story: 'A lamp hums in the attic.', roomId: 'r1' });
  expect(answer).toContain(`"deploymentUrl":"${vercel.url}/dpl_1"`);
  await waitFor('the check at the start', () => log().includes('pages are deployed to Vercel in the team my-team'));
});

test('a token that Vercel refuses is reported at the start', async () => {
  const vercel = await startVercel({ token: TOKEN });
  closing.push(vercel.close);
  const env = { VERCEL_TOKEN: 'another-token-of-a-test', VERCEL_API_URL: vercel.url };
  const { log } = await start('deploy', await temporaryFolder(), env);
  await waitFor('the warning', () => log().includes('Vercel refused the token (HTTP 403: Not authorized)'));
});
