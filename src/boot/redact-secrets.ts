import type { Config } from '../config/parse-config.ts';
import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';

/** A token of somebody's, whoever signed it. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
/** Shorter ones would strike out half of the log, and are no secrets. */
const MIN_LENGTH = 4;

/** Strikes out, wherever it may have got into a text, what was configured as a secret, and every token. */
export function createRedactSecrets(config: Config): (text: string) => string {
  const { auth, database, redisUrl, agents } = config;
  const urls = [database.url, redisUrl, ...AGENT_NAMES.map((agent) => agents[agent].url)];
  const found = urls.flatMap((url) => passwordsOf(url));
  if (auth !== null && 'secret' in auth.keys) found.push(auth.keys.secret);
  const secrets = [...new Set(found.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))]
    .filter((secret) => secret.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text).replaceAll(JWT, '***');
}

/** As it stands in the URL, as it is meant, and as Basic authorization sends it. */
function passwordsOf(text: string | null): string[] {
  const url = text === null ? null : URL.parse(text);
  if (url === null || url.password === '') return [];
  const password = decodeURIComponent(url.password);
  return [url.password, password, Buffer.from(`${decodeURIComponent(url.username)}:${password}`).toString('base64')];
}
