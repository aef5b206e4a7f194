/** Where an agent is called, and what must not be shown of it. */
export type AgentTarget = {
  /** Without user, password and fragment. */
  url: string;
  /** Host and port, for messages. */
  label: string;
  /** `Basic …` when the URL had a user or a password. */
  authorization: string | null;
  /** Replaces the password in a text, in case the agent sent it back. */
  redact: Redact;
  /** What `redact` replaces. */
  secrets: readonly string[];
};

export type Redact = (text: string) => string;

/** For a URL without a password. */
export const redactNothing: Redact = (text) => text;

/** The JSON with every string, including names of fields, passed through `redact`. */
export function redactDeep<T>(value: T, redact: Redact): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((inner) => redactDeep(inner, redact)) as T;
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [redact(name), redactDeep(inner, redact)]);
  return Object.fromEntries(entries) as T;
}

/**
 * Reads an agent's base URL. Its path and query are kept: `http://host/x/` and `/generate` make
 * `http://host/x/generate`.
 * @throws {TypeError} for anything but an http or https URL; the message does not show the URL, which may have a password.
 */
export function agentTarget(baseUrl: string, path: string): AgentTarget {
  if (!URL.canParse(baseUrl)) throw new TypeError('the URL of an agent is malformed');
  const url = new URL(baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`the URL of an agent must begin with http:// or https://, not ${url.protocol}`);
  }
  const user = decoded(url.username);
  const password = decoded(url.password);
  const token = user + password === '' ? null : Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  const secrets = [token ?? '', url.password, password].filter((secret) => secret !== '');
  url.username = '';
  url.password = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/*$/, path);
  return {
    url: url.href,
    label: url.host,
    authorization: token === null ? null : `Basic ${token}`,
    secrets,
    redact:
      secrets.length === 0
        ? redactNothing
        : (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
