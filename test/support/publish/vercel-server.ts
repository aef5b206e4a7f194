import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

type State = 'QUEUED' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED';

export type FakeDeployment = {
  id: string;
  name: string;
  meta: Record<string, string>;
  page: Uint8Array;
  /** The states that are still to come, one a poll. */
  states: State[];
};

export type VercelServer = {
  url: string;
  deployments: FakeDeployment[];
  /** `GET /v6/deployments` and so on, in order. */
  calls: string[];
  /** The states that a new deployment goes through, one a poll. */
  states: State[];
  /** Is added to each page that is served. */
  addition: string;
  /** Which addresses ask for a login. */
  protection: 'none' | 'own address' | 'all';
  /** Answers instead of the API, once each, for requests that match. */
  failures: Failure[];
  close(): Promise<void>;
};

type Failure = {
  /** Of `POST /v13/deployments`. */
  on: RegExp;
  /** `lost`: the request is carried out, but the connection is closed before the answer. */
  answer: 'lost' | { status: number; headers?: Record<string, string>; body: string };
};

const projectSettings = z.strictObject({
  framework: z.null(),
  buildCommand: z.string().nullable(),
  installCommand: z.string().nullable(),
  outputDirectory: z.string().nullable(),
});
const creation = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9._-]+$/)
    .refine((name) => !name.includes('---')),
  target: z.enum(['production', 'staging']).optional(),
  files: z
    .array(
      z.union([
        z.strictObject({ file: z.string(), data: z.string(), encoding: z.enum(['base64', 'utf-8']).optional() }),
        z.strictObject({ file: z.string(), sha: z.string().length(40), size: z.number() }),
      ]),
    )
    .min(1),
  projectSettings: projectSettings.optional(),
  meta: z.record(z.string(), z.string()).optional(),
});

/** The largest request that names files. */
const MAX_CREATION_BYTES = 4_500_000;

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Speaks the part of Vercel's API that deploys files, as strictly as Vercel, and serves what was deployed. */
export async function startVercel({ token, team }: { token: string; team?: string }): Promise<VercelServer> {
  const uploaded = new Map<string, Uint8Array>();
  const host = () => vercel.url.replace('http://', '');
  const ownHost = ({ id }: FakeDeployment) => `${host()}/${id}`;
  const projectHost = ({ name }: FakeDeployment) => `${host()}/project/${name}`;

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => {
      const { status, code } = error instanceof Refused ? error : { status: 500, code: 'internal_server_error' };
      send(response, status, { error: { code, message: error.message } });
    });
  });
  const vercel: VercelServer = {
    url: '',
    deployments: [],
    calls: [],
    states: ['BUILDING', 'READY'],
    addition: '',
    protection: 'none',
    failures: [],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://vercel');
    const site = siteAt(url.pathname);
    if (site !== null) return visit(site.page, site.isOwn, response);
    const call = `${request.method} ${url.pathname}`;
    vercel.calls.push(call);
    const body = await bodyOf(request);
    const index = vercel.failures.findIndex(({ on }) => on.test(call));
    const [failure] = index === -1 ? [] : vercel.failures.splice(index, 1);
    if (failure !== undefined && failure.answer !== 'lost') {
      response.writeHead(failure.answer.status, failure.answer.headers).end(failure.answer.body);
      return;
    }
    authorize(request, url);
    const answer = answerTo(call, url, request, body);
    if (failure !== undefined) return void response.destroy();
    send(response, 200, answer);
  }

  function authorize(request: IncomingMessage, url: URL): void {
    const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (given !== token) throw new Refused(403, 'forbidden', 'Not authorized');
    const scope = url.searchParams.get('teamId') ?? url.searchParams.get('slug') ?? undefined;
    if (url.searchParams.has('teamId') && !scope?.startsWith('team_')) {
      throw new Refused(400, 'bad_request', 'Invalid teamId');
    }
    if (scope !== team) throw new Refused(403, 'forbidden', 'Not authorized: Trying to access resource under scope');
  }

  function answerTo(call: string, url: URL, request: IncomingMessage, body: Buffer): object {
    if (call === 'POST /v2/files') return upload(request, body);
    if (call === 'POST /v13/deployments') return create(request, url, body);
    if (call === 'GET /v6/deployments') return list(url);
    const [, id] = /^GET \/v13\/deployments\/([^/]+)$/.exec(call) ?? [];
    const found = vercel.deployments.find((deployment) => deployment.id === id);
    if (found === undefined) throw new Refused(404, 'not_found', 'The requested deployment could not be found');
    const [state = 'READY'] = found.states.length > 1 ? found.states.splice(0, 1) : found.states;
    const isReady = state === 'READY';
    return {
      id,
      name: found.name,
      url: ownHost(found),
      readyState: state,
      alias: isReady ? [projectHost(found)] : [],
      aliasAssigned: isReady ? Date.now() : null,
      ...(state === 'ERROR' && { errorCode: 'BUILD_FAILED', errorMessage: 'Command "build" exited with 1' }),
    };
  }

  function upload({ headers }: IncomingMessage, body: Buffer): object {
    const sha = createHash('sha1').update(body).digest('hex');
    if (headers['x-vercel-digest'] !== sha) throw new Refused(400, 'bad_request', 'Invalid x-vercel-digest header');
    if (headers['content-length'] === undefined) throw new Refused(411, 'length_required', 'Content-Length is missing');
    uploaded.set(sha, new Uint8Array(body));
    return { urls: [] };
  }

  function create({ headers }: IncomingMessage, url: URL, body: Buffer): object {
    if (!headers['content-type']?.startsWith('application/json')) throw new Refused(400, 'bad_request', 'Invalid JSON');
    if (body.length > MAX_CREATION_BYTES) throw new Refused(413, 'payload_too_large', 'Request body is too large');
    const parsed = creation.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) throw new Refused(400, 'bad_request', `Invalid request: ${parsed.error.issues[0]?.message}`);
    const { name, files, meta = {}, projectSettings: settings } = parsed.data;
    if (url.searchParams.get('skipAutoDetectionConfirmation') !== '1' && settings === undefined) {
      throw new Refused(400, 'missing_project_settings', 'The `projectSettings` object is required for new projects');
    }
    const file = files.find((entry) => entry.file === 'index.html');
    if (file === undefined) throw new Refused(400, 'bad_request', 'no index.html');
    const page =
      'data' in file ? Buffer.from(file.data, file.encoding === 'base64' ? 'base64' : 'utf8') : uploaded.get(file.sha);
    if (page === undefined) throw new Refused(400, 'missing_files', 'Missing files');
    const id = `dpl_${vercel.deployments.length + 1}`;
    const deployment = { id, name, meta, page: new Uint8Array(page), states: [...vercel.states] };
    vercel.deployments.push(deployment);
    return { id, name, url: ownHost(deployment), readyState: 'QUEUED', alias: [], aliasAssigned: null };
  }

  function list({ searchParams }: URL): object {
    const wanted = [...searchParams].filter(([key]) => key.startsWith('meta-'));
    const deployments = vercel.deployments
      .filter(({ meta }) => wanted.every(([key, value]) => meta[key.slice(5)] === value))
      .map((found) => ({
        uid: found.id,
        name: found.name,
        url: ownHost(found),
        state: found.states[0],
        meta: found.meta,
      }));
    return { deployments: deployments.toReversed(), pagination: { count: deployments.length, next: null, prev: null } };
  }

  /** The project's address shows its newest deployment. */
  function siteAt(path: string): { page: Uint8Array; isOwn: boolean } | null {
    const own = vercel.deployments.find(({ id }) => path === `/${id}`);
    if (own !== undefined) return { page: own.page, isOwn: true };
    const newest = vercel.deployments.findLast(({ name }) => path === `/project/${name}`);
    return newest === undefined ? null : { page: newest.page, isOwn: false };
  }

  function visit(page: Uint8Array, isOwn: boolean, response: ServerResponse): void {
    if (vercel.protection === 'all' || (vercel.protection === 'own address' && isOwn)) {
      return void response.writeHead(401, { 'Content-Type': 'text/html' }).end('<title>Log in to Vercel</title>');
    }
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(Buffer.concat([page, Buffer.from(vercel.addition)]));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vercel.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return vercel;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
