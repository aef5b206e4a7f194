import { CID_PROFILE } from '../cid.ts';

/** A client of the RPC API of Kubo, the IPFS node. An error names the URL and the reason, and says what to do. */
export type Kubo = {
  /** The API's URL without user and password. */
  url: string;
  /** Adds and pins a file. @returns the CID that the node gave to it */
  add(bytes: Uint8Array, signal: AbortSignal): Promise<string>;
  /** The version of the node, as an answer that shows that it can be used. */
  version(signal: AbortSignal): Promise<string>;
};

/** Its message is complete. */
class KuboError extends Error {
  override readonly name = 'KuboError';
}

/**
 * What makes the node give the CID of `cidOf`, whatever its own defaults are, and answer before it has announced the
 * content to its network. A node ignores parameters that it does not know.
 */
const ADD_PARAMETERS = new URLSearchParams({
  'cid-version': String(CID_PROFILE.cidVersion),
  'raw-leaves': String(CID_PROFILE.rawLeaves),
  chunker: `size-${CID_PROFILE.chunkBytes}`,
  'max-file-links': String(CID_PROFILE.maxLinksPerNode),
  hash: CID_PROFILE.hash,
  trickle: 'false',
  inline: 'false',
  'wrap-with-directory': 'false',
  'cid-base': 'base32',
  'fast-provide-wait': 'false',
  pin: 'true',
  progress: 'false',
});

/** A line of the answer names one file; more than this is not an answer of Kubo. */
const MAX_ANSWER_CHARACTERS = 64 * 1024;
const MAX_REASON_CHARACTERS = 200;

/** @param apiUrl may contain user and password, which are sent as Basic authorization */
export function createKubo(apiUrl: string): Kubo {
  const { url, headers } = withoutCredentials(apiUrl);
  /** Every call is a POST, with or without a body. */
  async function call<T>(
    path: string,
    body: FormData | null,
    signal: AbortSignal,
    read: (answer: Response) => Promise<T>,
  ) {
    try {
      const response = await fetch(`${url}/api/v0/${path}`, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
        signal,
      });
      if (!response.ok) throw new KuboError(await describeRefusal(url, response));
      return await read(response);
    } catch (error) {
      const isAborted = error instanceof Error && error.name === 'AbortError';
      if (error instanceof KuboError || isAborted) throw error;
      throw new KuboError(describeFailure(url, error), { cause: error });
    }
  }

  return {
    url,
    add(bytes, signal) {
      const form = new FormData();
      form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), 'file');
      return call(`add?${ADD_PARAMETERS}`, form, signal, (answer) => readCid(url, answer));
    },
    version: (signal) =>
      call('version', null, signal, async (answer) => {
        const { Version: version } = parseObject(url, await answer.text());
        if (typeof version !== 'string') throw notKubo(url);
        return version;
      }),
  };
}

function withoutCredentials(text: string): { url: string; headers: Record<string, string> } {
  const url = new URL(text);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const authorization = { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return {
    url: url.href.replace(/\/+$/, ''),
    headers: { 'User-Agent': 'hauntedai-orchestrator', ...(credentials !== ':' && authorization) },
  };
}

/** The answer has one JSON object a line. The last one with a hash is the file. */
async function readCid(url: string, response: Response): Promise<string> {
  let cid: string | null = null;
  let rest = '';
  const read = (line: string) => {
    if (line.trim() === '') return;
    const { Hash: hash, Type: type, Message: message } = parseObject(url, line);
    if (type === 'error') throw new KuboError(`IPFS at ${url} failed while adding: ${shorten(String(message))}`);
    if (typeof hash === 'string') cid = hash;
  };
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(read);
    if (rest.length > MAX_ANSWER_CHARACTERS) throw notKubo(url);
  }
  read(rest);
  if (cid === null) throw notKubo(url);
  return cid;
}

function parseObject(url: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Reported below.
  }
  throw notKubo(url);
}

const notKubo = (url: string) =>
  new KuboError(`the answer of ${url} is not from Kubo: check that IPFS_API_URL is its RPC API, not its gateway`);

async function describeRefusal(url: string, response: Response): Promise<string> {
  const { status } = response;
  const reason = reasonIn(await response.text().catch(() => ''));
  const advice =
    status === 401 || status === 403
      ? "; check user and password in IPFS_API_URL and the node's API.Authorizations"
      : status === 404 || status === 405 || status < 400
        ? '; check that IPFS_API_URL is the RPC API of Kubo, not its gateway'
        : '';
  return `IPFS at ${url} refused the call with HTTP ${status}${reason === '' ? '' : `: ${reason}`}${advice}`;
}

/** Kubo's errors are JSON with a message, or plain text. */
function reasonIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && 'Message' in value) return shorten(String(value.Message));
  } catch {
    // Not JSON.
  }
  return body.trimStart().startsWith('<') ? '' : shorten(body);
}

const shorten = (text: string) => text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON_CHARACTERS);

function describeFailure(url: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `IPFS at ${url} did not answer in time`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  return `IPFS is not reachable at ${url} (${code}): start the node, or correct IPFS_API_URL`;
}
