/** Where an agent is called, and what must not be told of it. */
export type AgentTarget = {
  /** Without user, password and fragment. */
  url: string;
  /** Host and port, for messages. */
  label: string;
  /** `Basic …` when the URL held a user or a password. */
  authorization: string | null;
  /** Strikes the password out of a text, should an agent have sent it back. */
  redact: Redact;
};

export type Redact = (text: string) => string;

/** Where there is no password. */
export const redactNothing: Redact = (text) => text;

/**
 * Reads an agent's base URL. Its path and query are kept: `http://host/x/` and `/generate` make
 * `http://host/x/generate`.
 * @throws {TypeError} for anything but an http or https URL; the message does not hold the URL, which may hold a password.
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
