import { constants } from 'node:os';

type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** The user, or who ended the terminal, wants no more. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: EndSignal) {
    super('Interrupted.');
    // As a shell reports a program that a signal ended: 130 for Ctrl-C.
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborted with Interrupted by the first signal to end; a second one ends the process as it is. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) process.exit(reason.exitCode);
      controller.abort(reason);
    });
  }
  // Nobody reads any more (`npm run demo … | head`): unheard, the error would end the process and leave the server.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', () => controller.abort(new Interrupted('SIGPIPE')));
  }
  return controller.signal;
}
