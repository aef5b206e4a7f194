import { ModelFailure } from '../model-server.ts';
import { because, reasonIn } from './reason.ts';

/** What messages about a server need to know. */
export type About = {
  /** Host and port. */
  label: string;
  apiKey: string | null;
  /** All that was sent to the model. */
  prompt: string;
};

const CONTEXT =
  /context[ _]?(length|window|size)|maximum context|too many tokens|prompt is too long|exceeds? the (available )?context/i;
const QUOTA = /insufficient_quota|billing_hard_limit|exceeded your current quota/i;
const CONTENT = /content_filter|content_policy|moderation_blocked|content management policy|safety system/i;
const NO_MODEL = /model_not_found|model\b.{0,120}(not found|does not exist|not exist|not loaded|is not available)/i;
const LOADING = /load(ing)?\b.{0,40}model|model\b.{0,40}load/i;

/** What a response with a status other than 2xx means. */
export function statusFailure(status: number, headers: Headers, body: string, about: About): ModelFailure {
  const { label } = about;
  const reason = because(reasonIn(body, about));
  const fail = (message: string, details: Partial<ModelFailure> = {}) =>
    new ModelFailure(message, { isFinal: true, status, body, ...details });
  if (status >= 300 && status < 400) return redirectFailure(status, headers, about);
  if (status === 401 || status === 403) return fail(keyAdvice(status, about) + reason);
  if (status === 402 || QUOTA.test(body)) return fail(`${label}: the account has no credit left (${status})${reason}`);
  if (CONTEXT.test(body)) return contextFailure(about, { status, body });
  if (CONTENT.test(body))
    return fail(`${label}: the request was refused by the content filter${reason}`, { kind: 'no-images' });
  if (status === 404 && NO_MODEL.test(body)) {
    return fail(
      `${label} does not have the model: set OPENAI_MODEL or OPENAI_IMAGE_MODEL to one that it has${reason}`,
      { kind: 'no-model' },
    );
  }
  if (status === 404 || status === 405 || status === 501) {
    return fail(`${label} has nothing at this path (${status}): check OPENAI_BASE_URL${reason}`, {
      kind: 'no-endpoint',
    });
  }
  if (status === 429) return fail(`${label} has reached a rate limit (429)${reason}`, waiting(headers));
  if (status === 503 && LOADING.test(body)) {
    return fail(`${label} is still loading the model (503)${reason}`, waiting(headers));
  }
  const isTemporary = status >= 500 || status === 408 || status === 409 || status === 425;
  const message = `${label} responded with ${status}${reason}`;
  return fail(message, { kind: 'rejected', ...(isTemporary ? waiting(headers) : {}) });
}

/** An error object that a server sent in the middle of a stream, whose status was 200. */
export function streamedFailure(error: unknown, about: About): ModelFailure {
  const body = JSON.stringify({ error: typeof error === 'object' && error !== null ? error : String(error) });
  const reason = because(reasonIn(body, about));
  if (CONTEXT.test(body)) return contextFailure(about, { body });
  const isFinal = QUOTA.test(body) || CONTENT.test(body);
  return new ModelFailure(`${about.label} reported an error in the middle of its answer${reason}`, { isFinal, body });
}

/** A page instead of an answer: a login, a proxy, or a web site. */
export function pageFailure({ label }: About): ModelFailure {
  return new ModelFailure(
    `${label} answered with a web page, perhaps a login, instead of JSON: check OPENAI_BASE_URL, and the proxy in front of it`,
    { isFinal: true },
  );
}

/** @param error what `fetch` threw */
export function connectionFailure(error: unknown, { label }: About): ModelFailure {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') {
    return new ModelFailure(`${label} refused the connection: start the model server, or check OPENAI_BASE_URL`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ModelFailure(`the host name of ${label} could not be resolved: check OPENAI_BASE_URL`);
  }
  return new ModelFailure(`the connection to ${label} failed${code === '' ? '' : ` (${code})`}`);
}

function redirectFailure(status: number, headers: Headers, { label }: About): ModelFailure {
  const target = URL.parse(headers.get('location') ?? '', 'http://same.invalid');
  const where = target === null || target.hostname === 'same.invalid' ? '' : ` to ${target.host}`;
  return new ModelFailure(
    `${label} redirects${where} (${status}), perhaps to a login, and redirects are not followed: check OPENAI_BASE_URL`,
    { isFinal: true, status },
  );
}

function contextFailure({ label }: About, details: { status?: number; body: string }): ModelFailure {
  const message = `${label}: the text is too long for the model's context: use a shorter idea, or a model with a larger context`;
  return new ModelFailure(message, { isFinal: true, ...details });
}

function keyAdvice(status: number, { label, apiKey }: About): string {
  if (apiKey === null) return `${label} asks for a key (${status}): set OPENAI_API_KEY`;
  return `${label} refused the key (${status}): set OPENAI_API_KEY to one that may use the model`;
}

/** Temporary, with the wait that the server asks for. */
function waiting(headers: Headers): { isFinal: false; retryAfter: number | undefined } {
  return { isFinal: false, retryAfter: secondsToWait(headers) };
}

function secondsToWait(headers: Headers): number | undefined {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (ms > 0) return Math.ceil(ms / 1_000);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const until = /^[A-Z][a-z]{2},/.test(text) ? Date.parse(text) - Date.now() : Number.NaN;
  return until > 0 ? Math.ceil(until / 1_000) : undefined;
}

function errorCode(error: unknown): string {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 6; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return '';
}
