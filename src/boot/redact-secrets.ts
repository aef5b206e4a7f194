import { parseDatabaseUrl } from '../config/database-url.ts';
import type { Config } from '../config/parse-config.ts';
import { parseRedisUrl } from '../config/redis-url.ts';
import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';

/** A JWT of any issuer. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
/** Shorter values would redact half of the log, and are not secret. */
const MIN_LENGTH = 4;

/** Redacts configured secrets and all tokens, wherever they appear in a text. */
export function createRedactSecrets(config: Config): (text: string) => string {
  const { auth, database, redisUrl, agents, models, publishing } = config;
  const urls = AGENT_NAMES.map((agent) => agents[agent].url);
  const connectionSecrets = [...databaseSecrets(database.url), ...redisSecrets(redisUrl)].filter(
    (secret) => secret !== null,
  );
  const found = [
    ...[...urls, publishing.ipfsApiUrl].flatMap((url) => passwordsOf(url)),
    ...connectionSecrets.flatMap((secret) => [secret, encodeURIComponent(secret)]),
  ];
  if (auth !== null && 'secret' in auth.keys) found.push(auth.keys.secret);
  if (models?.apiKey) found.push(models.apiKey);
  if (publishing.vercel !== null) found.push(publishing.vercel.token);
  const secrets = [...new Set(found.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))]
    .filter((secret) => secret.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text).replaceAll(JWT, '***');
}

/** Drivers accept addresses that `URL` does not parse, and passwords as parameters. */
function databaseSecrets(text: string | null): (string | null)[] {
  if (text === null) return [];
  const { password, tls } = parseDatabaseUrl(text);
  return [password, tls.keyPassword];
}

function redisSecrets(text: string | null): (string | null)[] {
  if (text === null) return [];
  const { password, sentinel } = parseRedisUrl(text);
  return [password, sentinel?.password ?? null];
}

/** The password as written in the URL, decoded, and as sent by Basic authentication. */
function passwordsOf(text: string | null): string[] {
  const url = text === null ? null : URL.parse(text);
  if (url === null || url.password === '') return [];
  const password = decodeURIComponent(url.password);
  return [url.password, password, Buffer.from(`${decodeURIComponent(url.username)}:${password}`).toString('base64')];
}
