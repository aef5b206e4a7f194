import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ApiClient, ApiError, createApiClient, UnreachableError } from '../../client/api-client.ts';
import type { Workflow } from '../../client/operations.ts';
import { identifyListener, waitUntilReady } from '../../client/service-health.ts';
import { Interrupted } from '../interruption.ts';
import { START_COMMAND } from '../start-command.ts';
import type { Display } from './display.ts';
import { type OwnServer, startServer } from './own-server.ts';
import { type Progress, startProgress, withWorkflow } from './progress.ts';
import { type Outcome, outcomeOf } from './result.ts';
import { cancelRun, loadResults, runRoom, type StartInput } from './run-room.ts';
import { type ServiceUrl, serviceUrlFrom } from './service-url.ts';
import { type RunSummary, summaryOf } from './summary.ts';

/** Long enough for the first start, which creates the database, on a slow disk. */
const READY_TIMEOUT_MS = 120_000;
const CANCEL_TIMEOUT_MS = 3_000;

export type RunRequest = {
  idea: string;
  /** The API of a running server. null: the server that `env` describes, which is started if nothing listens there. */
  url: URL | null;
  token: string | null;
  env: NodeJS.ProcessEnv;
  /** Keeps a server of its own running after the result, until the signal is aborted. */
  keepServing: boolean;
};

/** How the API is reached. */
type ApiAccess = { url: URL; token: string | null };

/**
 * Runs a room through the public API.
 * @param report called with the outcome, before its own server is stopped
 * @param signal aborting it cancels the workflow, stops that server, and rejects with the signal's reason; after the
 *   outcome it only stops the server
 * @throws {Error} whose message tells the user why there is no result
 */
export async function runIdea(
  request: RunRequest,
  display: Display,
  report: (outcome: Outcome, summary: RunSummary) => void,
  signal: AbortSignal,
): Promise<void> {
  const { url, serverEnv } = request.url
    ? { url: request.url, serverEnv: request.env }
    : await serviceUrlFrom(request.env);
  const server = await findOrStart({ url, serverEnv }, request.url !== null, signal);
  const usable = server ? AbortSignal.any([signal, server.ended]) : signal;
  const keepServing = server !== null && request.keepServing;
  let reported = false;
  try {
    display.note(
      server
        ? 'Starting the server (the first start creates its database)'
        : `Using the running server at ${url.origin}${ignoredBehaviours(request.env)}`,
    );
    await waitUntilReady(url, READY_TIMEOUT_MS, usable);
    display.note(null);
    const hint = server ? pageHint(request.env, url, keepServing) : null;
    const { outcome, summary } = await run({ url, token: request.token }, request.idea, hint, display, usable);
    report(outcome, summary);
    reported = true;
    if (keepServing && outcome.hasLinks) {
      if (!usable.aborted) await once(usable, 'abort');
      server.ended.throwIfAborted();
    }
  } catch (error) {
    throw usable.aborted ? usable.reason : error;
  } finally {
    if (server && !server.ended.aborted && !reported) display.note('Stopping the server');
    await server?.stop();
  }
}

async function findOrStart(
  { url, serverEnv }: ServiceUrl,
  isGiven: boolean,
  signal: AbortSignal,
): Promise<OwnServer | null> {
  const listener = await identifyListener(url, signal);
  if (listener === 'service') return null;
  if (listener === 'other-program') {
    const advice = isGiven ? 'Omit --url to start a server.' : 'Set PORT to a free port.';
    throw new UnreachableError(`The program that listens at ${url.origin} is not this service. ${advice}`);
  }
  if (isGiven) throw new UnreachableError(`Nothing listens at ${url.origin}. Start a server there, or omit --url.`);
  return startServer(serverEnv);
}

async function run(
  access: ApiAccess,
  idea: string,
  hint: string | null,
  display: Display,
  signal: AbortSignal,
): Promise<{ outcome: Outcome; summary: RunSummary }> {
  const onConnectionLost = () => display.note('Connection lost, waiting for the server');
  const api = createApiClient({ ...access, onConnectionLost, signal });
  const input = { userInput: idea, idempotencyKey: randomUUID() };
  let latest = null as Progress | null;
  const show = (progress: Progress) => {
    latest = progress;
    display.note(null);
    display.update(progress);
  };
  try {
    const { workflow } = await runRoom(api, input, show);
    const results = await loadResults(api, workflow.id);
    return { outcome: outcomeOf(workflow, results, hint), summary: summaryOf(workflow, results) };
  } catch (error) {
    if (signal.reason instanceof Interrupted) {
      display.note('Cancelling the workflow');
      const cancelled = await tryToCancel(access, input);
      const now = Date.now();
      if (cancelled) show(latest ? withWorkflow(latest, cancelled, now) : startProgress(cancelled, now));
    }
    throw error;
  } finally {
    api.close();
  }
}

/** Cancels within a few seconds, because the user is waiting for the prompt; null if that was not possible. */
async function tryToCancel(access: ApiAccess, input: StartInput): Promise<Workflow | null> {
  const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
  const api: ApiClient = createApiClient({ ...access, onConnectionLost: () => {}, signal });
  try {
    return await cancelRun(api, input);
  } catch {
    // The workflow or the server has ended: there is nothing to cancel.
    return null;
  } finally {
    api.close();
  }
}

/** A warning: behaviours only affect a server that starts with them. */
function ignoredBehaviours(env: NodeJS.ProcessEnv): string {
  const names = Object.keys(env).filter((name) => name.endsWith('_AGENT_BEHAVIOUR'));
  return names.length === 0 ? '' : `; it ignores ${names.join(', ')}, which only applies when a server starts`;
}

/** How to see the page of its own server; null if an external DeployAgent publishes it elsewhere. */
function pageHint(env: NodeJS.ProcessEnv, url: URL, keepServing: boolean): string | null {
  if (keepServing) return 'The server keeps running so that you can open these links. Press Ctrl-C to stop it.';
  if (env['DEPLOY_AGENT_URL']?.trim()) return null;
  // The page's URL contains the port. With PORT=0 the next start would choose another one.
  const start = env['PORT']?.trim() === '0' ? `PORT=${url.port} ${START_COMMAND}` : START_COMMAND;
  return `The server stops now but keeps the page: to see it, run \`${start}\` and open the URL.`;
}

/** Whether the API rejected the idea itself. */
export function isInvalidIdea(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'INVALID_INPUT';
}
