/** The service cannot start; the message is one line for the person who started it. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  /** Another process has what this one needs. */
  readonly isTaken: boolean;

  constructor(message: string, options: { cause?: unknown; isTaken?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isTaken = options.isTaken ?? false;
  }
}
