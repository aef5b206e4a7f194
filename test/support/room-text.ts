import { query } from './graphql-clients.ts';

/** All that the API says of a room, as text. */
export async function logText(url: string, roomId: string, headers: Record<string, string>): Promise<string> {
  const document = `query ($id: ID!) { room(id: $id) {
    error logs { edges { node { message metadata } } }
    latestWorkflow { steps { result error attempts { error } } }
  } }`;
  return JSON.stringify(await query(url, document, { id: roomId }, headers));
}

/** The room's log without GraphQL. */
export async function fetchLog(url: string, roomId: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(new URL(`/rooms/${roomId}/logs.ndjson`, url), { headers });
  return response.text();
}
