import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, TemporaryFailure } from '../../define-agent.ts';
import type { DeployCall, DeployedPage, DeployPage, PageToDeploy } from '../deploy-page.ts';
import { deploymentIn, deploymentsIn, type VercelDeployment } from './deployment.ts';
import { vercelProjectName } from './project-name.ts';
import { type CallVercel, createVercelApi, type VercelSettings } from './vercel-api.ts';
import { visibilityOf } from './visibility.ts';

/** A larger page is uploaded first; Vercel limits the request that names the files. */
const MAX_INLINE_BYTES = 1024 * 1024;
const POLL_INTERVAL_MS = 2_000;
/** Failed polls in a row after which the call fails; the next one continues with the same deployment. */
const MAX_FAILED_POLLS = 3;
/** Polls after the deployment is ready, until the project's own addresses show it too. */
const MAX_ALIAS_POLLS = 5;
const FAILED = ['ERROR', 'CANCELED'];

/** Deploys pages to Vercel, each as a static site of one file. */
export function createVercel(settings: VercelSettings, pollIntervalMs = POLL_INTERVAL_MS): DeployPage {
  const api = createVercelApi(settings);
  // Vercel's answers name hosts without a scheme; a local server that stands in for it has no TLS.
  const { protocol } = new URL(settings.apiUrl);
  const urlOf = (host: string) => (/^https?:\/\//.test(host) ? host : `${protocol}//${host}`);

  return async (page, call) => {
    const name = vercelProjectName(page.projectName);
    const earlier = await findDeployment(api, page, call);
    if (earlier !== null) {
      await call.report('Continuing with the deployment to Vercel that was made before', { deploymentId: earlier.id });
    }
    const begun = earlier ?? (await createDeployment(api, name, page, call));
    const ready = await untilReady(api, begun, call, pollIntervalMs);
    return shownAt(ready, name);

    /** At the deployment's own URL, which never shows another page; if that asks for a login, at one of the project's. */
    async function shownAt(found: VercelDeployment, project: string): Promise<DeployedPage> {
      const own = urlOf(found.url ?? found.aliases[0] ?? '');
      const look = (url: string) => visibilityOf(url, page.bytes, { signal: call.signal, pauseMs: pollIntervalMs });
      const visibility = await look(own);
      const metadata = { host: 'vercel', project, visibility };
      if (visibility !== 'protected') {
        if (visibility === 'unknown') await call.warn(`Deployed, but ${own} could not be fetched from here`, metadata);
        return { url: own, id: found.id, visibility, metadata };
      }
      const { aliases } = await untilAliased(api, found, call, pollIntervalMs);
      for (const url of aliases.map(urlOf)) {
        if (url === own || (await look(url)) !== 'public') continue;
        await call.report('The address of this deployment asks for a login, so using that of its project', {
          own,
          url,
        });
        return {
          url,
          id: found.id,
          visibility: 'public',
          metadata: { ...metadata, visibility: 'public', protectedUrl: own },
        };
      }
      await call.warn(
        `Protected, not public: ${own} asks visitors for a login. To change that, turn off Deployment Protection in the ` +
          `settings of the project ${project} on Vercel`,
        metadata,
      );
      return { url: own, id: found.id, visibility, metadata };
    }
  };
}

/** Identifies a deployment: one for the same call and the same page need not be made again. */
const metaOf = ({ cid }: PageToDeploy, idempotencyKey: string): Record<string, string> => ({
  hauntedaiKey: idempotencyKey,
  hauntedaiCid: cid,
});

async function findDeployment(
  api: CallVercel,
  page: PageToDeploy,
  { idempotencyKey, signal }: DeployCall,
): Promise<VercelDeployment | null> {
  if (idempotencyKey === null) return null;
  const meta = Object.entries(metaOf(page, idempotencyKey));
  const query = Object.fromEntries([['limit', '20'], ...meta.map(([key, value]) => [`meta-${key}`, value])]);
  const found = deploymentsIn(await api({ method: 'GET', path: '/v6/deployments', query, signal }));
  const isSame = (deployment: VercelDeployment) => meta.every(([key, value]) => deployment.meta[key] === value);
  return found.find((deployment) => isSame(deployment) && !FAILED.includes(deployment.state)) ?? null;
}

async function createDeployment(
  api: CallVercel,
  name: string,
  page: PageToDeploy,
  { idempotencyKey, signal, report }: DeployCall,
): Promise<VercelDeployment> {
  const { bytes } = page;
  await report(`Deploying to Vercel as ${name}`, { project: name, bytes: bytes.byteLength });
  const sha = createHash('sha1').update(bytes).digest('hex');
  const isInline = bytes.byteLength <= MAX_INLINE_BYTES;
  if (!isInline) {
    await report('Uploading the page', { bytes: bytes.byteLength, sha });
    const headers = { 'Content-Type': 'application/octet-stream', 'x-vercel-digest': sha };
    await api({ method: 'POST', path: '/v2/files', headers, body: bytes, signal });
  }
  const file = 'index.html';
  const body = {
    name,
    target: 'production',
    files: [
      isInline
        ? { file, data: Buffer.from(bytes).toString('base64'), encoding: 'base64' }
        : { file, sha, size: bytes.byteLength },
    ],
    // A plain file: nothing is detected, installed or built.
    projectSettings: { framework: null, buildCommand: null, installCommand: null, outputDirectory: null },
    ...(idempotencyKey !== null && { meta: metaOf(page, idempotencyKey) }),
  };
  const answer = await api({
    method: 'POST',
    path: '/v13/deployments',
    query: { skipAutoDetectionConfirmation: '1' },
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  return deploymentIn(answer);
}

/** Waits without a limit of its own: the caller has one, and a repeated call continues here. */
async function untilReady(
  api: CallVercel,
  begun: VercelDeployment,
  call: DeployCall,
  intervalMs: number,
): Promise<VercelDeployment> {
  let current = begun;
  let reported = '';
  for (let failedPolls = 0; ; ) {
    const { id, state, errorMessage } = current;
    if (state !== reported) await call.report(`Vercel: ${state.toLowerCase()}`, { deploymentId: id, state });
    reported = state;
    const details = errorMessage === null ? '' : `: ${errorMessage}`;
    if (state === 'ERROR')
      throw new TemporaryFailure(`the deployment ${id} failed on Vercel${details}`, { status: 502 });
    if (state === 'CANCELED') throw new Refusal(`the deployment ${id} was cancelled on Vercel${details}`);
    if (state === 'READY') return current;
    await sleep(intervalMs, undefined, { signal: call.signal });
    try {
      current = await readDeployment(api, id, call.signal);
      failedPolls = 0;
    } catch (error) {
      failedPolls += 1;
      if (!(error instanceof TemporaryFailure) || failedPolls === MAX_FAILED_POLLS) throw error;
    }
  }
}

async function untilAliased(
  api: CallVercel,
  ready: VercelDeployment,
  { signal }: DeployCall,
  intervalMs: number,
): Promise<VercelDeployment> {
  let current = ready;
  for (let polls = 0; polls < MAX_ALIAS_POLLS && !current.hasAliases; polls += 1) {
    await sleep(intervalMs, undefined, { signal });
    current = await readDeployment(api, ready.id, signal);
  }
  return current;
}

const readDeployment = async (api: CallVercel, id: string, signal: AbortSignal): Promise<VercelDeployment> =>
  deploymentIn(await api({ method: 'GET', path: `/v13/deployments/${encodeURIComponent(id)}`, signal }));
