import { z } from 'zod';
import { SECTIONS } from '../../src/config/variables.ts';

/** Variables that differ in their names only, as the agents' do. */
type Entry = { names: string[]; initial: string; whenUnset: string; allowed: string; description: string };

const INTRODUCTION = `# Configuration

<!-- Generated from src/config/variables.ts by \`npm run config:print\`. -->

The service reads environment variables, and a file \`.env\` in the working directory; the environment takes precedence.
Copy [.env.example](../.env.example) to get started. An empty value counts as unset. Names that end in \`_MS\` are in
milliseconds.

If any value is invalid, the service does not start and reports every invalid variable at once. A variable that looks
like a misspelled one of these is reported as a warning.
`;

const CONCLUSION = `## Output

Messages for people, such as the URL of the API, go to stdout as plain text. The server log goes to stderr: readable
lines if stderr is a terminal, otherwise JSON, one object per line. An error that prevents the service from starting is
one line of plain text on stderr, and the exit code is 1.

## Health

\`GET /health/live\` and \`GET /health/ready\` answer 200 or 503 with JSON. Ready means that the process can do its whole
job: the database takes writes, Redis (if REDIS_URL is set) takes commands, a worker takes steps, and the process is not
shutting down. Otherwise \`reasons\` names each part that does not work, and the server log has one line per change:
\`{"status":"unavailable","reasons":{"redis":"…"}}\`.
`;

/** docs/configuration.md */
export function configurationPage(): string {
  const sections = SECTIONS.map(({ title, variables }) => {
    const rows = entriesOf(variables).map(({ names, initial, whenUnset, allowed, description }) =>
      row(names.map(code).join(', '), initial === '' ? whenUnset : code(initial), allowed, description),
    );
    return [`## ${title}`, '', row('Variable', 'Default', 'Value', 'Meaning'), row('---', '---', '---', '---'), ...rows]
      .join('\n')
      .concat('\n');
  });
  return [INTRODUCTION, ...sections, CONCLUSION].join('\n');
}

/** .env.example: every variable, commented out. */
export function envExample(): string {
  const head = comment(
    'Copy this file to .env and uncomment what you change. Each line shows the default; nothing after = means that the ' +
      'variable is unset by default. The environment takes precedence over this file. Names that end in _MS are in ' +
      'milliseconds. docs/configuration.md has the same list.',
  );
  const sections = SECTIONS.flatMap(({ title, variables }) => [
    `# ---- ${title} ----`,
    // Defaults of one entry may differ here: each has a line of its own.
    ...[...Map.groupBy(entriesOf(variables), ({ description }) => description).values()].map(envLines),
  ]);
  return `${[head, ...sections].join('\n\n')}\n`;
}

function envLines(entries: readonly Entry[]): string {
  const [{ description, allowed, whenUnset }] = entries as [Entry, ...Entry[]];
  const fallback = whenUnset === '' ? '' : ` Default: ${whenUnset}.`;
  const lines = entries.flatMap(({ names, initial }) => names.map((name) => `# ${name}=${initial}`));
  return [comment(description), comment(`Value: ${allowed}.${fallback}`), ...lines].join('\n');
}

function entriesOf(variables: Readonly<Record<string, z.ZodType>>): Entry[] {
  const entries: Entry[] = [];
  for (const [name, schema] of Object.entries(variables)) {
    const { description = '', whenUnset } = z.globalRegistry.get(schema) ?? {};
    const entry = {
      names: [name],
      initial: defaultOf(schema),
      whenUnset: String(whenUnset ?? ''),
      allowed: allowedBy(schema),
      description,
    };
    const last = entries.at(-1);
    if (last !== undefined && last.description === description && last.initial === entry.initial) last.names.push(name);
    else entries.push(entry);
  }
  return entries;
}

/** As one would write it; empty: the variable is unset by default. */
function defaultOf(schema: z.ZodType): string {
  return schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : '';
}

/** What the innermost schema allows, below its default. */
function allowedBy(schema: z.ZodType): string {
  const { allowed } = z.globalRegistry.get(schema) ?? {};
  if (typeof allowed === 'string') return allowed;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return allowedBy(schema.unwrap() as z.ZodType);
  }
  throw new Error('a variable does not state its values: use a schema of src/config/value-schemas.ts');
}

const code = (text: string) => `\`${text}\``;
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

/** Wrapped at 120 columns. */
function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > 120) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
