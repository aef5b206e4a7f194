/** The text is not a URL that this service can use. The message follows the variable's name and repeats no value. */
export class ConnectionUrlError extends Error {
  override readonly name = 'ConnectionUrlError';
}

/** @throws {ConnectionUrlError} */
export function refuse(reason: string): never {
  throw new ConnectionUrlError(reason);
}

/** The value of a parameter, which counts as read; null if it is missing or empty. Names are in lower case. */
export type Take = (name: string) => string | null;

/** Reads the parameters of a URL one by one. A `+` is a plus sign. @returns also those that were not taken */
export function readParameters(query: string): { take: Take; left: ReadonlyMap<string, string> } {
  const pairs = query.split('&').filter((pair) => pair !== '');
  const left = new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name, 'a parameter').toLowerCase(), decode(value.join('='), `the value of ${name}`)];
    }),
  );
  return {
    left,
    take(name) {
      const value = left.get(name) ?? null;
      left.delete(name);
      return value === '' ? null : value;
    },
  };
}

/** Splits `user:password@hosts` at its last @, since drivers accept one in the password. */
export function splitAuthority(authority: string): { credentials: string; hosts: string } {
  const at = authority.lastIndexOf('@');
  return { credentials: authority.slice(0, Math.max(at, 0)), hosts: authority.slice(at + 1) };
}

/** @param part names the text in the error: `the password` */
export function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(`must be percent-encoded: a % in ${part} is written %25`);
  }
}

/** `host:port`, with brackets around an IPv6 address. */
export function describeServer({ host, port }: { host: string; port: number | null }): string {
  return `${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`;
}
