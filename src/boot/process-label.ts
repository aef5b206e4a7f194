import type { Config } from '../config/parse-config.ts';
import { localUrl } from '../server/http/listen.ts';

const LABEL = /^hauntedai-orchestrator, pid (?<pid>\d+)(, (?<url>\S+))?/;

/** How this process identifies itself to the next one that wants its database, in at most 63 bytes with usual hosts. */
export function processLabel({ server: { host, port } }: Config): string {
  // The port of PORT=0 is not known yet when the database is opened.
  const url = port === 0 ? '' : `, ${localUrl(host, port)}`;
  return `hauntedai-orchestrator, pid ${process.pid}${url}`;
}

/** A process for an error message, by its label. */
export function describeProcess(label: string): string {
  const { pid, url } = LABEL.exec(label)?.groups ?? {};
  if (pid === undefined) return 'another process';
  return `process ${pid}${url === undefined ? '' : `, which listens at ${url}`}`;
}

/** Whether the process with this label is certainly running on this machine. */
export function isRunningHere(label: string): boolean {
  const pid = Number(LABEL.exec(label)?.groups?.['pid']);
  // A restarted container may give a process the id of its predecessor, so the own id proves nothing.
  if (Number.isNaN(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
