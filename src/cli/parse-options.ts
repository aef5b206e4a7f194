import { type Command, InvalidArgumentError } from 'commander';
import { API_URL_FORM, DEFAULT_URL, parseApiUrl } from './api-url.ts';

const LAST_PORT = 65_535;

/** The variable PORT has the same form. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= LAST_PORT) return port;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${LAST_PORT}.`);
}

function parseUrl(text: string): URL {
  const url = parseApiUrl(text);
  if (url === null) throw new InvalidArgumentError(`It ${API_URL_FORM}`);
  return url;
}

/** Adds the options of all commands that use a running service. */
export function withApiOptions(command: Command, defaultUrl = DEFAULT_URL): Command {
  return command
    .option('--url <url>', `the service (HAUNTEDAI_URL, or ${defaultUrl})`, parseUrl)
    .option('--token <token>', 'token for the service, if it requires one (HAUNTEDAI_TOKEN)');
}

/** The API's limit in characters. */
const MAX_IDEA_LENGTH = 10_000;

/**
 * Without quotes, an idea arrives as several words; they are joined.
 * @param fail called with the reason if there is no idea, or too long a one
 */
export function ideaOf(words: readonly string[], fail: (reason: string) => never): string {
  const idea = words.join(' ').trim();
  if (idea === '') fail('an idea is required');
  if ([...idea].length > MAX_IDEA_LENGTH) fail(`the idea is longer than ${MAX_IDEA_LENGTH} characters`);
  return idea;
}

/** The number of items to list, as many as the API returns at once. */
export function parseLimit(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}
