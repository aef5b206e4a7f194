type Present<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** The arguments that were given: null counts as absent, and what is absent is not there at all. */
export function present<T extends Record<string, unknown>>(args: T): Present<T> {
  const given = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as Present<T>;
}
