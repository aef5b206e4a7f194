import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/** How the node treats a call of `add`. */
export type KuboMood =
  | 'works'
  /** Never answers. */
  | 'hangs'
  /** Fails with HTTP 500 before anything is added. */
  | 'has no space'
  /** Fails after it has begun to answer. */
  | 'breaks off'
  /** Gives a CID of its own choice. */
  | 'gives another CID';

export type KuboServer = {
  url: string;
  port: number;
  mood: KuboMood;
  /** What is pinned, by CID. */
  pinned: Map<string, Uint8Array>;
  /** The CIDs in the order in which they were added. */
  added: string[];
  /** Calls of `add` that were begun. */
  calls: number;
  close(): Promise<void>;
};

type Options = {
  port?: number;
  /** `user:password` that `API.Authorizations` demands. */
  credentials?: string;
};

/** What a fresh node does with an option that is not sent: the profile of old. */
const DEFAULTS = { 'cid-version': '0', chunker: 'size-262144', 'max-file-links': '174', hash: 'sha2-256', pin: 'true' };
const BOOLEANS = [
  'raw-leaves',
  'trickle',
  'inline',
  'wrap-with-directory',
  'pin',
  'progress',
  'only-hash',
  'fast-provide-wait',
];

/** A node that speaks Kubo's RPC API as strictly as Kubo: it refuses what Kubo refuses, and its CID follows what is sent. */
export async function startKubo({ port = 0, credentials }: Options = {}): Promise<KuboServer> {
  const server: Server = createServer((request, response) => {
    // What Kubo cannot parse, it refuses in plain text.
    answer(kubo, credentials, request, response).catch((error: Error) => response.writeHead(400).end(error.message));
  });
  const kubo: KuboServer = {
    url: '',
    port: 0,
    mood: 'works',
    pinned: new Map(),
    added: [],
    calls: 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  kubo.port = (server.address() as AddressInfo).port;
  kubo.url = `http://127.0.0.1:${kubo.port}`;
  return kubo;
}

async function answer(
  kubo: KuboServer,
  credentials: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '', 'http://kubo');
  const { headers } = request;
  if (credentials !== undefined && headers.authorization !== `Basic ${btoa(credentials)}`) {
    response.writeHead(403).end('Kubo RPC Access Denied: Please provide a valid authorization token');
    return;
  }
  if (!url.pathname.startsWith('/api/v0/')) return void response.writeHead(404).end('404 page not found');
  if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'POST' }).end('405 - Method Not Allowed');
  if (headers.origin !== undefined || headers['user-agent']?.startsWith('Mozilla')) {
    return void response.writeHead(403).end('403 - Forbidden');
  }
  if (url.pathname === '/api/v0/version') {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    return void response.end(`${JSON.stringify({ Version: '0.44.0', Commit: '', Repo: '18' })}\n`);
  }
  if (url.pathname !== '/api/v0/add') return void response.writeHead(404).end('404 page not found');

  kubo.calls += 1;
  if (kubo.mood === 'hangs') return;
  const options = optionsIn(url.searchParams);
  const bytes = await fileIn(request);
  if (kubo.mood === 'has no space') return refuse(response, 'write /data/blocks: no space left on device');
  response.writeHead(200, { 'Content-Type': 'application/json', 'X-Chunked-Output': '1', Trailer: 'X-Stream-Error' });
  if (options['progress'] === 'true') response.write(`${JSON.stringify({ Name: 'file', Bytes: bytes.length })}\n`);
  if (kubo.mood === 'breaks off') {
    response.addTrailers({ 'X-Stream-Error': 'context canceled' });
    return void response.end();
  }
  const cid = await cidFor(kubo.mood === 'gives another CID' ? { ...options, 'raw-leaves': 'false' } : options, bytes);
  if (options['pin'] === 'true') kubo.pinned.set(cid, bytes);
  kubo.added.push(cid);
  const line = `${JSON.stringify({ Name: 'file', Hash: cid, Size: String(bytes.length) })}\n`;
  // In two parts, since a line need not arrive at once.
  response.write(line.slice(0, 20));
  setImmediate(() => response.end(line.slice(20)));
}

function optionsIn(parameters: URLSearchParams): Record<string, string> {
  const options: Record<string, string> = { ...DEFAULTS, ...Object.fromEntries(parameters) };
  for (const name of BOOLEANS) {
    const value = options[name];
    if (value !== undefined && value !== 'true' && value !== 'false') {
      throw new Error(`Could not convert value "${value}" to type "bool" (for option "-${name}")`);
    }
  }
  return options;
}

/** The one file of a multipart body. */
async function fileIn(request: IncomingMessage): Promise<Uint8Array> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data; ?boundary=\S+/.test(type)) throw new Error('file argument "path" is required');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = await new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } }).formData();
  const files = [...form.values()].filter((value) => typeof value !== 'string');
  const [file] = files;
  if (file === undefined || files.length !== 1) throw new Error('file argument "path" is required');
  return new Uint8Array(await file.arrayBuffer());
}

async function cidFor(options: Record<string, string>, bytes: Uint8Array): Promise<string> {
  const [, chunkSize] = /^size-(\d+)$/.exec(options['chunker'] ?? '') ?? [];
  if (chunkSize === undefined) throw new Error(`unrecognized chunker option: ${options['chunker']}`);
  if (options['hash'] !== 'sha2-256') throw new Error(`unrecognized hash function: ${options['hash']}`);
  const cidVersion = options['cid-version'] === '1' ? 1 : 0;
  const { cid } = await importFile(
    { content: bytes },
    { put: (key) => key },
    {
      cidVersion,
      rawLeaves: options['raw-leaves'] === undefined ? cidVersion === 1 : options['raw-leaves'] === 'true',
      chunker: fixedSize({ chunkSize: Number(chunkSize) }),
      layout: balanced({ maxChildrenPerNode: Number(options['max-file-links']) }),
    },
  );
  return cid.toString();
}

function refuse(response: ServerResponse, message: string): void {
  response.writeHead(500, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ Message: message, Code: 0, Type: 'error' }));
}
