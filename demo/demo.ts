import { randomUUID } from 'node:crypto';
import { type Address, addressOf } from './address.ts';
import { ApiError, createApiClient } from './api-client.ts';
import type { Display } from './display.ts';
import { findServer, waitUntilReady } from './health.ts';
import { Interrupted } from './interruption.ts';
import type { Workflow } from './operations.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Progress, startProgress, withWorkflow } from './progress.ts';
import { cancelRun, runRoom, type StartInput } from './run-room.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** The first start sets up a database, on a slow disk as well. */
const READY_WITHIN_MS = 120_000;
const CANCEL_WITHIN_MS = 3_000;

export type DemoRequest = {
  idea: string;
  /** null: wherever `env` says, and started there when nobody listens. */
  url: URL | null;
  env: NodeJS.ProcessEnv;
};

/**
 * Runs a room through the public API. `report` is called with the end before a server of the demo's own is stopped.
 * @param signal aborting it cancels the workflow, stops that server, and rejects with the signal's reason
 * @throws {Error} whose message tells a person why there was no run
 */
export async function runDemo(
  request: DemoRequest,
  display: Display,
  report: (outcome: Outcome) => void,
  signal: AbortSignal,
): Promise<void> {
  const address = request.url ? { url: request.url, serverEnv: request.env } : await addressOf(request.env);
  const server = await findOrStart(address, request.url !== null, signal);
  const usable = server ? AbortSignal.any([signal, server.ended]) : signal;
  try {
    display.note(
      server
        ? 'Starting the server; the first time it sets up its database'
        : `Using the server at ${address.url.origin}${withoutBehaviours(request.env)}`,
    );
    await waitUntilReady(address.url, READY_WITHIN_MS, usable);
    display.note(null);
    const { workflow } = await run(address.url, request.idea, display, usable);
    report(outcomeOf(workflow, server ? pageHint(request.env, address.url) : null));
  } catch (error) {
    throw usable.aborted ? usable.reason : error;
  } finally {
    if (server && !server.ended.aborted) display.note('Stopping the server');
    await server?.stop();
  }
}

async function findOrStart(address: Address, isGiven: boolean, signal: AbortSignal): Promise<ServerProcess | null> {
  const { url, serverEnv } = address;
  const finding = await findServer(url, signal);
  if (finding === 'server') return null;
  if (finding === 'stranger') {
    const hint = isGiven ? 'Leave --url out to have a server started.' : 'Set PORT to a port that is free.';
    throw new Error(`What is at ${url.origin} does not answer as this service does. ${hint}`);
  }
  if (isGiven) throw new Error(`Nothing listens at ${url.origin}. Start the server there, or leave --url out.`);
  return startServer(serverEnv);
}

async function run(url: URL, idea: string, display: Display, signal: AbortSignal): Promise<Progress> {
  const api = createApiClient(url, () => display.note('The connection is lost; waiting for the server'), signal);
  const input = { userInput: idea, idempotencyKey: randomUUID() };
  let latest = null as Progress | null;
  const show = (progress: Progress) => {
    latest = progress;
    display.note(null);
    display.update(progress);
  };
  try {
    return await runRoom(api, input, show);
  } catch (error) {
    if (signal.reason instanceof Interrupted) {
      display.note('Cancelling the workflow');
      const cancelled = await cancel(url, input);
      const now = Date.now();
      if (cancelled) show(latest ? withWorkflow(latest, cancelled, now) : startProgress(cancelled, now));
    }
    throw error;
  } finally {
    api.close();
  }
}

/** As good as it can be done in a moment, since nobody waits for this workflow any more; null: not done. */
async function cancel(url: URL, input: StartInput): Promise<Workflow | null> {
  const api = createApiClient(url, () => {}, AbortSignal.timeout(CANCEL_WITHIN_MS));
  try {
    return await cancelRun(api, input);
  } catch {
    // It has ended, or the server has: either way there is nothing to stop.
    return null;
  } finally {
    api.close();
  }
}

/** A behaviour is set where an agent starts: it would be looked for in vain. */
function withoutBehaviours(env: NodeJS.ProcessEnv): string {
  const names = Object.keys(env).filter((name) => name.endsWith('_AGENT_BEHAVIOUR'));
  return names.length === 0 ? '' : `, as it was started: ${names.join(', ')} is for one that starts now`;
}

/** How to see the page once the demo's own server is gone; null where another's DeployAgent publishes it. */
function pageHint(env: NodeJS.ProcessEnv, url: URL): string | null {
  if (env['DEPLOY_AGENT_URL']?.trim()) return null;
  // The page's URL holds the port, which the next start would not take by itself.
  const start = env['PORT']?.trim() === '0' ? `PORT=${url.port} npm start` : 'npm start';
  return `The server stops now and keeps the page: to see it, run \`${start}\` and open the URL.`;
}

/** Whether the API found fault with the idea itself. */
export function isBadIdea(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'INVALID_INPUT';
}
