/** The service cannot start. The message is one line for the operator. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  /** Another process is using the database. */
  readonly isInUse: boolean;

  constructor(message: string, options: { cause?: unknown; isInUse?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.isInUse = options.isInUse ?? false;
  }
}
