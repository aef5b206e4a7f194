/**
 * Runs examples/library.ts from the sources, with the built-in agents: `npm run example:library -- "an idea"`. The
 * agents' pages are served until Ctrl-C on a terminal, else until the workflow has ended.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import type { AddressInfo } from 'node:net';
import { startBuiltInAgents } from '../src/built-in-agents/start-built-in-agents.ts';
import type { Content } from '../src/orchestrator/ports/content.ts';

const stored = new Map<string, Content>();
const server = createServer((request, response) => {
  const content = stored.get(/^\/deployments\/(\w+)\/$/.exec(request.url ?? '')?.[1] ?? '');
  if (content === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'Content-Type': content.contentType }).end(content.bytes);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const agents = await startBuiltInAgents({
  content: {
    put: async (cid, content) => void stored.set(cid, content),
    get: async (cid) => stored.get(cid) ?? null,
  },
  publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  paceMs: 250,
});
for (const [agent, url] of Object.entries(agents.urls)) process.env[`${agent.toUpperCase()}_AGENT_URL`] = url;

// The example imports the package by name, as its users do.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@hauntedai/orchestrator'
      ? next(new URL('../src/index.ts', import.meta.url).href, context)
      : next(specifier, context),
});
await import('../examples/library.ts');

if (process.stdout.isTTY) {
  console.log('\nThe page is served until you press Ctrl-C.');
  await once(process, 'SIGINT');
}
await agents.close();
server.closeAllConnections();
server.close();
