import { constants } from 'node:os';

type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** The user pressed Ctrl-C, closed the terminal, or stopped reading the output. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: EndSignal) {
    super('Interrupted.');
    // The exit code that shells report for a signal: 130 for Ctrl-C.
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Returns a signal that is aborted with `Interrupted` by the first Ctrl-C; a second one exits at once. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) process.exit(reason.exitCode);
      controller.abort(reason);
    });
  }
  // The reader of a pipe is gone (`… | head`). Unhandled, the error would end this process, but not a server of its own.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', () => controller.abort(new Interrupted('SIGPIPE')));
  }
  return controller.signal;
}
