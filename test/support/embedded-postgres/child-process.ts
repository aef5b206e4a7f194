import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChildOrder, ChildReport, ChildTask } from './child-program.ts';

/** A child process with an embedded PostgreSQL. It leads its own process group. */
export type ChildPostgres = {
  pid: number;
  /** Resolves with the report of this type, even an earlier one. Rejects if the start fails or the process ends first. */
  reported<T extends ChildReport['type']>(type: T): Promise<Extract<ChildReport, { type: T }>>;
  send(order: ChildOrder): void;
  /** Sends a signal to the whole group, as a terminal does for Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Sends SIGKILL to the process itself and waits until it has ended. */
  kill(): Promise<void>;
};

/** The module under test in this checkout. */
export const SOURCES = new URL('../../../src/embedded-postgres/index.ts', import.meta.url).href;

/** Runs `child-program.ts`. */
export function startChildPostgres(task: Omit<ChildTask, 'module'> & { module?: string }): ChildPostgres {
  const program = fileURLToPath(new URL('./child-program.ts', import.meta.url));
  const child = fork(program, [JSON.stringify({ module: SOURCES, ...task })], {
    detached: true,
    execArgv: ['--no-warnings'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the process was not started');
  const reports = reportsOf(child);
  return {
    pid,
    reported: (type) => reports.next(type),
    send: (order) => void child.send(order),
    signalGroup: (signal) => void process.kill(-pid, signal),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function reportsOf(child: ChildProcess) {
  const seen: ChildReport[] = [];
  const news = new EventEmitter();
  let hasEnded = false;
  child.on('message', (report: ChildReport) => {
    seen.push(report);
    news.emit('news');
  });
  child.on('exit', () => {
    hasEnded = true;
    news.emit('news');
  });
  return {
    async next<T extends ChildReport['type']>(type: T): Promise<Extract<ChildReport, { type: T }>> {
      for (;;) {
        const report = seen.find((candidate) => candidate.type === type);
        if (report !== undefined) return report as Extract<ChildReport, { type: T }>;
        const failure = seen.find((candidate) => candidate.type === 'failed');
        if (failure !== undefined) throw new Error(failure.message);
        if (hasEnded) throw new Error(`the process ended without having ${type}`);
        await once(news, 'news');
      }
    },
  };
}
