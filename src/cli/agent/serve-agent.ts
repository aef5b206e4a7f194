import { join } from 'node:path';
import { readConfig } from '../../boot/read-config.ts';
import { createServerLog } from '../../boot/server-log.ts';
import { stopOnSignal } from '../../boot/stop-signals.ts';
import { variablesOfAgent } from '../../config/lone-agent-variables.ts';
import type { Config } from '../../config/parse-config.ts';
import { isLoopback } from '../../config/value-schemas.ts';
import type { LoneAgent } from '../../lone-agent.ts';
import { AGENT_TITLES, type AgentName } from '../../orchestrator/domain/agents.ts';
import { EXIT } from '../exit-codes.ts';

export type AgentOptions = { port?: number; host: string; data?: string; publicUrl?: string };

/** The ports that the library expects the agents at. */
const DEFAULT_PORTS: Record<AgentName, number> = { story: 3002, asset: 3003, code: 3004, deploy: 3005 };

/** What an agent needs of another one. */
const SOURCES: Partial<Record<AgentName, { what: string; variable: string }>> = {
  code: { what: 'Pictures that are not in this folder', variable: 'ASSET_AGENT_URL' },
  deploy: { what: 'Pages that are not in this folder', variable: 'CODE_AGENT_URL' },
};

/** Errors whose message is one line for the operator. */
const OPERATOR_ERRORS = new Set(['ListenError', 'FolderError']);

/** Serves an agent until a signal ends the process. */
export async function serveAgent(name: AgentName, options: AgentOptions): Promise<void> {
  const env = options.publicUrl === undefined ? {} : { PUBLIC_URL: options.publicUrl };
  const config = readConfig((all) => variablesOfAgent(name, { ...all, ...env }));
  const log = createServerLog(config);
  for (const warning of config.warnings) log.warn(warning);
  const { host, port = DEFAULT_PORTS[name], data = join(config.database.dataDir, 'contents') } = options;

  const { startLoneAgent } = await import('../../lone-agent.ts');
  const starting = startLoneAgent({ name, host, port, folder: data, config, log });
  stopOnSignal('Shutting down, waiting for calls in progress. Press Ctrl-C again to quit now.', () => {
    void starting.then((agent) => agent.close(config.shutdownGraceMs)).finally(() => process.exit(EXIT.done));
  });
  try {
    greet(name, host, config, await starting);
  } catch (error) {
    if (error instanceof Error && OPERATOR_ERRORS.has(error.name)) console.error(error.message);
    else log.fatal({ err: error }, 'startup failed');
    process.exit(EXIT.error);
  }
}

function greet(name: AgentName, host: string, config: Config, agent: LoneAgent): void {
  const { url, publicUrl, folder, peers } = agent;
  console.log(`Ready: ${AGENT_TITLES[name]} at ${url}`);
  console.log(`  The service uses it with ${name.toUpperCase()}_AGENT_URL=${url}`);
  console.log(`  Its results are stored in ${folder} and served at ${publicUrl}/deployments/<cid>/`);
  const source = SOURCES[name];
  if (source !== undefined && peers.length > 0) console.log(`  ${source.what} are requested from ${peers.join(', ')}`);
  else if (source !== undefined)
    console.log(`  ${source.what} are not found: share the folder, or set ${source.variable}`);
  if (isLoopback(host)) return;
  if (config.server.publicUrl === null) {
    console.warn('  Other machines cannot open these URLs: set PUBLIC_URL to the URL at which they reach this agent.');
  }
  console.warn(`  Anyone who reaches ${host} can call the agent: keep it in a private network, or behind a proxy.`);
}
