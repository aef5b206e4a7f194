import { InvalidArgumentError } from 'commander';

const LAST_PORT = 65_535;

/** The variable PORT has the same form. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= LAST_PORT) return port;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${LAST_PORT}.`);
}
