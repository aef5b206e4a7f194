import { dataOf, query } from '../../test/support/clients/graphql-clients.ts';

/** Asks the service at `url` once. @throws {Error} with the messages of the errors that it answered. */
export async function ask<Data>(url: string, document: string, variables: Record<string, string> = {}): Promise<Data> {
  return dataOf(await query<Data>(`${url}/graphql`, document, variables));
}
