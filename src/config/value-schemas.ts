import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { MAX_TIMER_MS } from '../orchestrator/domain/retry-policy.ts';

/**
 * Reads the text of a variable. Reasons say what is allowed and never repeat the text: it may be a secret that was
 * put in the wrong place.
 */
export function read<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(`must be ${allowed}`);
    return z.NEVER;
  });
}

function numberWithin(pattern: RegExp, min: number, max: number) {
  return (text: string): number | undefined => {
    const value = pattern.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** Decimal digits alone: no sign, exponent, fraction or unit. */
export const integer = (min: number, max: number) =>
  read(`a whole number from ${min} to ${max}`, numberWithin(/^\d+$/, min, max));

/** Digits, with a fraction if need be. */
export const decimal = (min: number, max: number) =>
  read(`a number from ${min} to ${max}`, numberWithin(/^\d+(\.\d+)?$/, min, max));

/** A duration that a timer can wait for. */
export const milliseconds = (min: number) =>
  read(`a whole number of milliseconds from ${min} to ${MAX_TIMER_MS}`, numberWithin(/^\d+$/, min, MAX_TIMER_MS));

export const onOff = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((text) => text === 'on');

export const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

function parseUrl(text: string, scheme: RegExp): URL | undefined {
  const url = scheme.test(text) ? URL.parse(text) : null;
  if (!url) return undefined;
  try {
    // Whoever connects decodes these; a bare % would only fail there.
    decodeURIComponent(`${url.username}${url.password}`);
  } catch {
    return undefined;
  }
  return url;
}

const SPECIAL_CHARACTERS = '(special characters in user and password percent-encoded)';

/** Kept as it is written, since drivers read more than URL does. */
export const postgresUrl = read(`a URL like postgres://user:password@host:5432/name ${SPECIAL_CHARACTERS}`, (text) =>
  parseUrl(text, /^postgres(ql)?:\/\//i) ? text : undefined,
);

/** Kept as it is written. */
export const redisUrl = read(`a URL like redis://host:6379 or rediss://host:6379 ${SPECIAL_CHARACTERS}`, (text) =>
  parseUrl(text, /^rediss?:\/\//i) ? text : undefined,
);

/** An http(s) URL that paths are put behind: no query, no fragment; without the slash at its end. */
function parseBaseUrl(text: string): URL | undefined {
  const url = parseUrl(text, /^https?:\/\//i);
  return url && !/[?#]/.test(url.href) ? url : undefined;
}

/** One that is fetched as it stands: a query is kept. */
export const httpUrl = read('a URL like https://login.example.com/keys.json without user and password', (text) => {
  const url = parseUrl(text, /^https?:\/\//i);
  return url && url.username === '' && url.password === '' && url.hash === '' ? url.href : undefined;
});

/** Text that nobody guesses, by its length in UTF-8. */
export const secret = (minBytes: number) =>
  read(`at least ${minBytes} bytes of text`, (text) => (Buffer.byteLength(text) >= minBytes ? text : undefined));

const withoutSlash = (url: URL) => url.href.replace(/\/+$/, '');

export const agentUrl = read(
  `a base URL like http://localhost:3002 without query and fragment ${SPECIAL_CHARACTERS}`,
  (text) => {
    const url = parseBaseUrl(text);
    return url && withoutSlash(url);
  },
);

/** Browsers are sent there, so it holds no user and password. */
export const publicUrl = read('a URL like https://rooms.example.com without user, query and fragment', (text) => {
  const url = parseBaseUrl(text);
  return url && url.username === '' && url.password === '' ? withoutSlash(url) : undefined;
});

function parseOrigin(text: string): string | undefined {
  const url = parseBaseUrl(text);
  return url && url.href === `${url.origin}/` ? url.origin : undefined;
}

/** `*` is none of them: with the viewer `local`, every page on the web could act in the user's name. */
export const origins = read(
  'origins like https://app.example.com separated by commas, each with its scheme',
  (text) => {
    const items = text.split(',').map((item) => item.trim());
    const parsed = items.filter((item) => item !== '').map(parseOrigin);
    return parsed.length > 0 && parsed.every((origin) => origin !== undefined) ? parsed : undefined;
  },
);

/** An address or a name, an IPv6 address also in brackets; returned as `listen` takes it. */
export const host = read('an IP address or a host name', (text) => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(bare) ? bare : undefined;
});

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only programs on this machine can reach what listens there. A name other than localhost counts as not. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return address.toLowerCase() === 'localhost';
  return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
