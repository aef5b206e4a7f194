import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';
import { servesFolder } from './probe-server.ts';
import { discardPidFile, identifyProcess, readPidFile, stopServer } from './server-process.ts';
import type { Timeouts } from './server-settings.ts';

/** A server that runs on a data folder. */
export type RunningPostgres = { pid: number; port: number };

type Input = { data: string; password: string; timeouts: Timeouts; log: (message: string) => void };

/**
 * Finds the server that runs on `data`, left by a dead process or just started by another one. Waits for a server that
 * is starting or stopping, and stops one that does not answer.
 * @returns null if no server runs (any more): one may be started.
 * @throws {EmbeddedPostgresError} postmaster.pid names the server of another folder, which must not be stopped.
 */
export async function findRunningServer({ data, password, timeouts, log }: Input): Promise<RunningPostgres | null> {
  const seenSince = new Map<string, number>();
  for (;;) {
    const record = await readPidFile(data);
    if (record === null) return null;
    const { pid, port, status } = record;
    const state = `${pid} ${status}`;
    const since = seenSince.get(state) ?? performance.now();
    seenSince.set(state, since);
    const timeoutMs = status === 'ready' || pid === 0 ? timeouts.answerMs : timeouts.startMs;
    const isOverdue = performance.now() - since > timeoutMs;

    const kind = pid === 0 ? 'unrelated' : await identifyProcess(pid, data);
    if (kind === 'gone') return null;
    if (kind === 'other-server') throw otherServer(data, pid);
    // An empty file is either being written right now or was left by a crash.
    if (kind === 'unrelated' && (pid !== 0 || isOverdue)) {
      await discardPidFile(data, pid);
      return null;
    }
    if (status === 'ready' && (await servesFolder({ port, password }, data, timeouts.answerMs))) return { pid, port };
    if (isOverdue) {
      log(`embedded PostgreSQL: process ${pid} does not answer, stopping it`);
      await stopServer(pid, data, timeouts.answerMs);
      return null;
    }
    await sleep(20);
  }
}

function otherServer(data: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${data}/postmaster.pid names process ${pid}, a PostgreSQL server of another folder: stop it if this data was moved while it was running, otherwise delete that file`,
  );
}
