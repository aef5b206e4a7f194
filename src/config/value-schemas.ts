import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { MAX_TIMER_MS } from '../orchestrator/domain/retry-policy.ts';
import { ConnectionUrlError } from './connection-url.ts';
import { DATABASE_URL_FORM, parseDatabaseUrl } from './database-url.ts';
import { parseRedisUrl, REDIS_URL_FORM } from './redis-url.ts';

/**
 * Parses the text of a variable. An error states what is allowed and never repeats the text: it may be a secret that
 * was put into the wrong variable.
 * @param allowed what a value may be, as docs/configuration.md and the error `must be …` state it
 */
export function textOf<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z
    .string()
    .transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue(`must be ${allowed}`);
      return z.NEVER;
    })
    .meta({ allowed });
}

export const anyText = z.string().meta({ allowed: 'any text' });

function numberWithin(pattern: RegExp, min: number, max: number) {
  return (text: string): number | undefined => {
    const value = pattern.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** Decimal digits only: no sign, exponent, fraction or unit. */
export const integer = (min: number, max: number) =>
  textOf(`a whole number from ${min} to ${max}`, numberWithin(/^\d+$/, min, max));

/** Decimal digits, optionally with a fraction. */
export const decimal = (min: number, max: number) =>
  textOf(`a number from ${min} to ${max}`, numberWithin(/^\d+(\.\d+)?$/, min, max));

/** A duration that fits a timer. */
export const milliseconds = (min: number) =>
  textOf(`a whole number of milliseconds from ${min} to ${MAX_TIMER_MS}`, numberWithin(/^\d+$/, min, MAX_TIMER_MS));

export const onOff = textOf('on or off', (text) => (text === 'on' || text === 'off' ? text === 'on' : undefined));

export const oneOf = <const T extends readonly string[]>(words: T) => {
  const allowed = `one of ${words.join(', ')}`;
  return z.enum(words, { error: `must be ${allowed}` }).meta({ allowed });
};

function parseUrl(text: string, scheme: RegExp): URL | undefined {
  const url = scheme.test(text) ? URL.parse(text) : null;
  if (!url) return undefined;
  try {
    // Clients decode these; a bare % would fail only when they connect.
    decodeURIComponent(`${url.username}${url.password}`);
  } catch {
    return undefined;
  }
  return url;
}

const PERCENT_ENCODED = '(percent-encode special characters in user and password)';

/**
 * A URL that is returned as written: the driver's options are made from it when a connection is opened.
 * @param parse throws ConnectionUrlError with the reason
 */
function connectionUrl(allowed: string, parse: (text: string) => unknown) {
  return z
    .string()
    .superRefine((text, context) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof ConnectionUrlError)) throw error;
        context.addIssue(error.message);
      }
    })
    .meta({ allowed });
}

export const postgresUrl = connectionUrl(DATABASE_URL_FORM, parseDatabaseUrl);
export const redisUrl = connectionUrl(REDIS_URL_FORM, parseRedisUrl);

/** An http(s) URL to which paths are appended: without query and fragment. */
function parseBaseUrl(text: string): URL | undefined {
  const url = parseUrl(text, /^https?:\/\//i);
  return url && !/[?#]/.test(url.href) ? url : undefined;
}

/** An http(s) URL that is fetched as it is, so a query is allowed. */
export const httpUrl = textOf('a URL like https://login.example.com/keys.json without user and password', (text) => {
  const url = parseUrl(text, /^https?:\/\//i);
  return url && url.username === '' && url.password === '' && url.hash === '' ? url.href : undefined;
});

/** Length is measured in UTF-8. */
export const secret = (minBytes: number) =>
  textOf(`at least ${minBytes} bytes of text`, (text) => (Buffer.byteLength(text) >= minBytes ? text : undefined));

/** Of a server outside: it is sent in a header. */
export const apiKey = textOf('a key of printable ASCII characters without spaces', (text) =>
  /^[!-~]+$/.test(text) ? text : undefined,
);

/** US dollars. */
export const price = decimal(0, 1_000_000);

const withoutSlash = (url: URL) => url.href.replace(/\/+$/, '');

/** With or without the path of its API. */
export const ipfsApiUrl = textOf(
  `the base URL of Kubo's RPC API like http://127.0.0.1:5001 without query and fragment ${PERCENT_ENCODED}`,
  (text) => {
    const url = parseBaseUrl(text);
    return url && withoutSlash(url).replace(/\/api\/v0$/, '');
  },
);

/** The id or slug of a team on Vercel. */
export const teamName = textOf('the id or slug of a team: letters, digits, - and _', (text) =>
  /^[\w-]{1,100}$/.test(text) ? text : undefined,
);

export const agentUrl = textOf(
  `a base URL like http://localhost:3002 without query and fragment ${PERCENT_ENCODED}`,
  (text) => {
    const url = parseBaseUrl(text);
    return url && withoutSlash(url);
  },
);

const urlWithoutUser = (example: string) =>
  textOf(`a URL like ${example} without user, query and fragment`, (text) => {
    const url = parseBaseUrl(text);
    return url && url.username === '' && url.password === '' ? withoutSlash(url) : undefined;
  });

/** Browsers are sent there. */
export const publicUrl = urlWithoutUser('https://rooms.example.com');

/** APIs to which a key is sent in a header. */
export const apiUrl = urlWithoutUser('https://api.example.com');
export const modelUrl = urlWithoutUser('http://localhost:11434/v1');

function parseOrigin(text: string): string | undefined {
  const url = parseBaseUrl(text);
  return url && url.href === `${url.origin}/` ? url.origin : undefined;
}

/** `*` is refused: with the viewer `local`, every web page could act in the user's name. */
export const origins = textOf('origins like https://app.example.com, separated by commas', (text) => {
  const items = text.split(',').map((item) => item.trim());
  const parsed = items.filter((item) => item !== '').map(parseOrigin);
  return parsed.length > 0 && parsed.every((origin) => origin !== undefined) ? parsed : undefined;
});

/** An address or a name; the brackets around an IPv6 address are optional and removed, as `listen` expects. */
export const host = textOf('an IP address or a host name', (text) => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(bare) ? bare : undefined;
});

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only programs on this machine can connect to the address. Names other than localhost count as not loopback. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return address.toLowerCase() === 'localhost';
  return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
