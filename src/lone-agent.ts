import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { agentTarget } from './agents/agent-target.ts';
import { checkPublishing } from './boot/check-publishing.ts';
import { openIpfs } from './boot/open-ipfs.ts';
import { withAgentsContents } from './boot/peer-contents.ts';
import { listenerOf } from './built-in-agents/listener-of.ts';
import { createModels } from './built-in-agents/model/create-models.ts';
import { createVercel } from './built-in-agents/publish/vercel/vercel.ts';
import type { Config } from './config/parse-config.ts';
import { openFolderContents } from './contents/folder-contents.ts';
import { createFolderOutbox } from './contents/folder-outbox.ts';
import { openFolderPaidAnswers } from './contents/folder-paid-answers.ts';
import { AGENT_NAMES, type AgentName } from './orchestrator/domain/agents.ts';
import { startLoneAgentServer } from './server/lone-agent-server.ts';

export type LoneAgentOptions = {
  name: AgentName;
  host: string;
  /** 0 selects a free port. */
  port: number;
  /** The folder in which it keeps what it makes. */
  folder: string;
  config: Pick<Config, 'agents' | 'models' | 'publishing' | 'server'>;
  log: Logger;
};

export type LoneAgent = {
  /** The URL by which this machine reaches it. */
  url: string;
  /** The URL with which the URLs of what it makes begin. */
  publicUrl: string;
  /** The absolute path of `folder`. */
  folder: string;
  /** The other machines that are asked for what the folder lacks: host and port. */
  peers: string[];
  /** Lets calls in progress end, for up to `graceMs`. */
  close(graceMs: number): Promise<void>;
};

/**
 * One of the built-in agents in a process of its own, without the service and its database.
 * @throws {ListenError | FolderError} with one line for the operator
 */
export async function startLoneAgent({ name, host, port, folder, config, log }: LoneAgentOptions): Promise<LoneAgent> {
  const path = resolve(folder);
  const own = await openFolderContents(path);
  const peerUrls = AGENT_NAMES.filter((agent) => agent !== name).flatMap((agent) => config.agents[agent].url ?? []);
  let publicUrl = config.server.publicUrl;
  const models =
    config.models === null
      ? null
      : createModels({ settings: config.models, paidAnswers: await openFolderPaidAnswers(join(path, 'paid')) });
  const { ipfsApiUrl, vercel } = config.publishing;
  const outbox = createFolderOutbox(join(path, 'outbox-ipfs'));
  const ipfs = ipfsApiUrl === null ? null : openIpfs(ipfsApiUrl, { outbox, content: own, log });
  const agent = listenerOf(name, {
    content: withAgentsContents(own, peerUrls),
    ...(ipfs !== null && { publish: ipfs.publish }),
    ...(vercel !== null && { deployPage: createVercel(vercel) }),
    publicUrl: () => publicUrl ?? '',
    models,
    behaviour: config.agents[name].behaviour ?? {},
    onError: (error) => log.warn({ err: error }, 'a call failed'),
  });
  const server = await startLoneAgentServer({ host, port, publicUrl, agent, content: own, log });
  publicUrl ??= server.url;
  const deliveries = await ipfs?.start();
  void checkPublishing({ ipfsApiUrl, vercel: name === 'deploy' ? vercel : null }, log);
  const peers = peerUrls.map((url) => agentTarget(url, '').label);
  return {
    url: server.url,
    publicUrl,
    folder: path,
    peers,
    async close(graceMs) {
      await deliveries?.stop();
      await server.close(graceMs);
      await models?.close();
    },
  };
}
