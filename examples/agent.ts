/**
 * A StoryAgent of your own. It streams its progress, and writes one story per Idempotency-Key, so that repeating a call
 * whose answer was lost costs nothing. It listens on AGENT_PORT, by default 3002.
 *
 *   npx node examples/agent.ts
 *   STORY_AGENT_URL=http://localhost:3002 npm start
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const stories = new Map<string, Promise<string>>();

async function writeStory(input: string): Promise<string> {
  await sleep(500);
  return `Once there was ${input}. Nobody has seen it since.`;
}

async function generate(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { input } = (await json(request)) as { input: string };
  const key = String(request.headers['idempotency-key']);
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const send = (line: object) => response.write(`${JSON.stringify(line)}\n`);

  if (/\bdull\b/.test(input)) {
    send({ error: 'this agent does not write dull stories', retryable: false });
  } else {
    send({ log: { level: 'info', message: 'Listening to the wind', metadata: { characters: input.length } } });
    const story = stories.get(key) ?? writeStory(input);
    stories.set(key, story);
    send({ result: { story: await story, metadata: { summary: input } } });
  }
  response.end();
}

const server = createServer((request, response) => {
  const call = `${request.method} ${request.url}`;
  if (call === 'POST /generate') generate(request, response).catch(() => response.destroy());
  else response.writeHead(call === 'GET /health' ? 200 : 404).end();
});
server.on('error', (error) => {
  console.error(`${error.message}. Set AGENT_PORT to a free port.`);
  process.exitCode = 1;
});
server.listen(Number(process.env['AGENT_PORT'] ?? 3002), '127.0.0.1', () => {
  console.log(`StoryAgent listens on http://localhost:${(server.address() as AddressInfo).port}`);
});
