/** How the commands end, for scripts. A signal adds 128 to its number, as in a shell. */
export const EXIT = {
  done: 0,
  /** The room ended in error, or the command could not do what it was asked for. */
  error: 1,
  usage: 2,
  unreachable: 3,
} as const;
