import { setTimeout as sleep } from 'node:timers/promises';
import { answersFor } from './ask-server.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { discardPidFile, readPidFile } from './pid-file.ts';
import { identifyProcess, stopServer } from './server-process.ts';
import type { Timeouts } from './timeouts.ts';

/** A server that runs on a data folder. */
export type RunningServer = { pid: number; port: number };

type Input = { data: string; password: string; timeouts: Timeouts; log: (message: string) => void };

/**
 * Finds the server that runs on `data`, left by a process that died or just started by another one. Waits for one
 * that is starting or stopping, and stops one that does not answer.
 * @returns null if there is none (any more): the way is free to start one.
 * @throws {EmbeddedPostgresError} a process that is not ours to stop stands in the way.
 */
export async function findRunningServer({ data, password, timeouts, log }: Input): Promise<RunningServer | null> {
  const since = new Map<string, number>();
  for (;;) {
    const record = await readPidFile(data);
    if (record === null) return null;
    const { pid, port, status } = record;
    const state = `${pid} ${status}`;
    const began = since.get(state) ?? performance.now();
    since.set(state, began);
    const patienceMs = status === 'ready' || pid === 0 ? timeouts.answerMs : timeouts.startMs;
    const isOverdue = performance.now() - began > patienceMs;

    const kind = pid === 0 ? 'stranger' : await identifyProcess(pid, data);
    if (kind === 'gone') return null;
    if (kind === 'other-server') throw otherServer(data, pid);
    // An empty file is either being written at this moment or what a crash left.
    if (kind === 'stranger' && (pid !== 0 || isOverdue)) {
      await discardPidFile(data, pid);
      return null;
    }
    if (status === 'ready' && (await answersFor({ port, password }, data, timeouts.answerMs))) return { pid, port };
    if (isOverdue) {
      log(`embedded PostgreSQL (process ${pid}) does not answer: stopping it`);
      await stopServer(pid, data, timeouts.answerMs);
      return null;
    }
    await sleep(20);
  }
}

function otherServer(data: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${data}/postmaster.pid names process ${pid}, a PostgreSQL that was started on another folder: stop it if this data was moved while it ran, else delete that file`,
  );
}
