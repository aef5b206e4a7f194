/**
 * Four agents that do no work, over real HTTP, in a separate process. Each responds at once with LINES progress lines as
 * NDJSON and its result. The process sends its URL to its parent.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AGENT_NAMES, type AgentName } from '../../src/orchestrator/domain/agents.ts';

const LINES = Number(process.argv[2] ?? 30);

const RESULTS: Record<AgentName, object> = {
  story: { story: 'The lamp went out. Somebody lit it again.', cid: 'story-cid', metadata: { summary: 'A lamp.' } },
  asset: { imageCid: 'image-cid', imageUrl: 'http://127.0.0.1/image.svg', metadata: { theme: 'a lamp in fog' } },
  code: { code: '<!doctype html><p>lamp</p>', cid: 'code-cid', tested: true, patchAttempts: 0 },
  deploy: { success: true, deploymentUrl: 'http://127.0.0.1/deployments/code-cid/', deploymentId: 'code-cid' },
};

const bodies = new Map(AGENT_NAMES.map((agent) => [agent, body(agent)]));

function body(agent: AgentName): Buffer[] {
  const logs = Array.from({ length: LINES }, (_, index) => ({
    log: { level: 'info', message: `${agent} works on part ${index + 1} of ${LINES}`, metadata: { part: index + 1 } },
  }));
  return [...logs, { result: RESULTS[agent] }].map((line) => Buffer.from(`${JSON.stringify(line)}\n`));
}

const server = createServer((request, response) => {
  const agent = AGENT_NAMES.find((name) => request.url?.startsWith(`/${name}/`)) ?? 'story';
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    for (const line of bodies.get(agent) ?? []) response.write(line);
    response.end();
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
