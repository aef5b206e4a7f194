import { parseArgs } from 'node:util';

/** The API's limit in characters, checked here before a server is started in vain. */
const MAX_IDEA_LENGTH = 10_000;

export const USAGE = `Usage: npm run demo -- [options] "an idea"

Starts a workflow for the idea and shows it live, until its page is published. For example:
  npm run demo -- "a lighthouse that remembers drowned sailors"

Options:
  --url URL      the API of a running server, such as http://localhost:4000/graphql.
                 Default: the server at HOST and PORT, which is started if nothing listens there
  --token TOKEN  a token for the API, if it requires one. Default: the variable DEMO_TOKEN
  --help         show this help

Exit codes: 0 the room is done, 1 it ended in error, 2 invalid usage, 130 Ctrl-C.`;

export type Arguments =
  | { type: 'run'; idea: string; url: URL | null; token: string | null }
  | { type: 'help' }
  /** `reason`: what is wrong, for the user. */
  | { type: 'invalid'; reason: string };

/** Parses the command line. Without quotes, an idea arrives as several words; they are joined. */
export function parseArguments(argv: readonly string[]): Arguments {
  let parsed: { values: { url?: string; token?: string; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, token: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { type: 'help' };

  const idea = positionals.join(' ').trim();
  if (idea === '') return invalid('An idea is required.');
  if ([...idea].length > MAX_IDEA_LENGTH) return invalid(`The idea is longer than ${MAX_IDEA_LENGTH} characters.`);
  const token = values.token?.trim() || null;
  if (values.url === undefined) return { type: 'run', idea, url: null, token };
  const url = /^https?:\/\//i.test(values.url) ? URL.parse(values.url) : null;
  if (url === null) return invalid('--url must be a URL such as http://localhost:4000/graphql.');
  if (url.pathname === '/') url.pathname = '/graphql';
  return { type: 'run', idea, url, token };
}

function invalid(reason: string): Arguments {
  return { type: 'invalid', reason };
}
