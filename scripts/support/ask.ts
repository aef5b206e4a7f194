/** Asks the GraphQL API at `url` once. @throws {Error} with what it answered, when that holds errors. */
export async function ask<Data>(url: string, query: string, variables: Record<string, string> = {}): Promise<Data> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
