/**
 * Calls `stop` at the first Ctrl-C or SIGTERM. A second one ends the process at once.
 * @param notice printed at the first signal
 */
export function stopOnSignal(notice: string, stop: () => void): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      stopping = true;
      console.log(notice);
      stop();
    });
  }
}
