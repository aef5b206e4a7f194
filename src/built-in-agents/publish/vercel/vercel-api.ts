import { Refusal, TemporaryFailure } from '../../define-agent.ts';

export type VercelSettings = {
  /** Base URL without a trailing slash. */
  apiUrl: string;
  token: string;
  /** Its id or slug; null: the token's owner. */
  team: string | null;
};

export type VercelRequest = {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal: AbortSignal;
};

/**
 * Sends one request to Vercel and returns its JSON.
 * @throws {Refusal} for 4xx: the message says what to do
 * @throws {TemporaryFailure} for 429 and 5xx with its Retry-After, and when there is no answer
 */
export type CallVercel = (request: VercelRequest) => Promise<Record<string, unknown>>;

const TIMEOUT_MS = 30_000;
const MAX_REASON_CHARACTERS = 300;

export function createVercelApi({ apiUrl, token, team }: VercelSettings): CallVercel {
  const teamQuery: Record<string, string> =
    team === null ? {} : team.startsWith('team_') ? { teamId: team } : { slug: team };

  async function send({ method, path, query, headers, body, signal }: VercelRequest): Promise<[Response, string]> {
    const response = await fetch(`${apiUrl}${path}?${new URLSearchParams({ ...query, ...teamQuery })}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'User-Agent': 'hauntedai-orchestrator', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : Uint8Array.from(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return [response, await response.text()];
  }

  return async (request) => {
    const [response, text] = await send(request).catch((error: unknown) => {
      request.signal.throwIfAborted();
      throw new TemporaryFailure(`Vercel is not reachable at ${apiUrl}: ${describe(error)}`);
    });
    const json = parseObject(text);
    if (response.ok && json !== null) return json;
    throw failureOf(response, json, apiUrl);
  };
}

function failureOf(response: Response, json: Record<string, unknown> | null, apiUrl: string): Error {
  const { status } = response;
  const message = messageIn(json);
  const answer = `HTTP ${status}${message === '' ? '' : `: ${message}`}`;
  if (json === null && status < 400) {
    return new Refusal(`VERCEL_API_URL: ${apiUrl} sent no JSON (HTTP ${status}), so it is not Vercel's API: unset it`);
  }
  if (status === 429 || status >= 500 || status === 408 || status === 409) {
    return new TemporaryFailure(`Vercel cannot deploy at the moment (${answer})`, {
      status: status === 429 ? 429 : 503,
      retryAfter: retryAfterOf(response),
    });
  }
  if (status === 401 || status === 403) {
    return new Refusal(
      `Vercel refused the token (${answer}): create one at vercel.com/account/tokens, set VERCEL_TOKEN to it, and ` +
        'VERCEL_TEAM_ID to a team that it may deploy to, or unset it',
    );
  }
  return new Refusal(`Vercel refused the deployment (${answer})`);
}

function messageIn(json: Record<string, unknown> | null): string {
  const error = json?.['error'];
  if (typeof error !== 'object' || error === null) return '';
  const { code, message }: { code?: unknown; message?: unknown } = error;
  return String(message ?? code ?? '').slice(0, MAX_REASON_CHARACTERS);
}

/** In seconds; from a number, or from a date. */
function retryAfterOf(response: Response): number | undefined {
  const header = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1_000));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
