import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { VARIABLES } from './variables.ts';

/**
 * Variables of features to come. Setting one is an error: whoever sets a secret or a limit relies on it, and a server
 * that ignores it only looks protected. Once the feature exists, its names move to VARIABLES.
 */
export const UNAVAILABLE_VARIABLES: readonly string[] = ['OTEL_EXPORTER_OTLP_ENDPOINT'];

/** Prefixes that hardly any other program uses. */
const OWN_PREFIXES = [
  ...AGENT_NAMES.map((agent) => `${agent.toUpperCase()}_AGENT_`),
  'RETRY_',
  'MAX_RUNNING_',
  'MAX_COST_',
  'METRICS_',
  'SHUTDOWN_GRACE',
  'RATE_LIMIT_',
  'AUTH_JW',
  'LOG_RETENTION_',
  'MAX_LOG_',
  'IPFS_API',
  'VERCEL_TEAM_',
  'VERCEL_API_',
];

/** A name with a larger edit distance is not suggested. */
const MAX_EDITS = 3;

/** A warning for each name that looks like one of ours and is not. Variables of other programs are ignored. */
export function misspelledVariables(names: readonly string[]): string[] {
  const unknown = names.filter(
    (name) =>
      OWN_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
      !Object.hasOwn(VARIABLES, name) &&
      !UNAVAILABLE_VARIABLES.includes(name),
  );
  return unknown.map((name) => {
    const nearest = nearestVariable(name);
    const suggestion = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return `${name} is not a variable of this service and is ignored.${suggestion}`;
  });
}

function nearestVariable(name: string): string | undefined {
  const [nearest] = Object.keys(VARIABLES)
    .map((known) => ({ known, edits: editDistance(name, known) }))
    .filter(({ edits }) => edits <= MAX_EDITS)
    .toSorted((a, b) => a.edits - b.edits);
  return nearest?.known;
}

/** Levenshtein distance: how many characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, character] of [...from].entries()) {
    const current = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
