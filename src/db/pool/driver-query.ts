/** The parts of a statement of postgres.js that its types leave out. */
export type DriverQuery = {
  /** Called with the statement once it is awaited. The driver's own sends it on a connection of its pool. */
  handler: (query: DriverQuery) => void;
  /** Called by the driver with the result. */
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
};

/** @throws {TypeError} if the driver, in a later version, no longer makes statements of this kind */
export function driverQuery(query: unknown): DriverQuery {
  if (!isDriverQuery(query)) throw new TypeError('this version of postgres.js has other statements; see decision 0012');
  return query;
}

export function isDriverQuery(value: unknown): value is DriverQuery {
  return typeof value === 'object' && value !== null && 'handler' in value && 'resolve' in value && 'reject' in value;
}
