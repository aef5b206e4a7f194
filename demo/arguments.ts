import { parseArgs } from 'node:util';

/** Characters that the API takes; told before a server is started for nothing. */
const MAX_IDEA_LENGTH = 10_000;

export const USAGE = `Usage: npm run demo -- [--url URL] "an idea"

Runs a room from an idea to a deployment and shows it live, for example:
  npm run demo -- "a lighthouse that remembers drowned sailors"

  --url URL   the API of a server that runs, such as http://localhost:4000/graphql;
              without it: the one at HOST and PORT, started when none listens there
  --help      this text

Ends with 0 when the room is done, 1 when it is in error, 2 on wrong usage, 130 on Ctrl-C.`;

export type Arguments =
  | { type: 'run'; idea: string; url: URL | null }
  | { type: 'help' }
  /** `reason`: what is wrong, for a person. */
  | { type: 'bad'; reason: string };

/** Reads the command line. An idea without quotes arrives as several words and is one idea all the same. */
export function parseArguments(argv: readonly string[]): Arguments {
  let parsed: { values: { url?: string; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
  if (parsed.values.help) return { type: 'help' };

  const idea = parsed.positionals.join(' ').trim();
  if (idea === '') return bad('There is no idea to start from.');
  if ([...idea].length > MAX_IDEA_LENGTH) return bad(`The idea is longer than ${MAX_IDEA_LENGTH} characters.`);
  if (parsed.values.url === undefined) return { type: 'run', idea, url: null };
  const url = /^https?:\/\//i.test(parsed.values.url) ? URL.parse(parsed.values.url) : null;
  if (url === null) return bad('--url wants a URL like http://localhost:4000/graphql.');
  if (url.pathname === '/') url.pathname = '/graphql';
  return { type: 'run', idea, url };
}

function bad(reason: string): Arguments {
  return { type: 'bad', reason };
}
