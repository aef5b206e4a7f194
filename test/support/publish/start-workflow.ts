import { dataOf, query } from '../clients/graphql-clients.ts';

const START = `mutation ($userInput: String!) {
  startWorkflow(input: { userInput: $userInput }) { workflow { id } room { id } }
}`;

/** Starts a workflow at a service, and returns what tests need to follow it. */
export async function startWorkflow(endpoint: string): Promise<{ workflowId: string; roomId: string }> {
  type Started = { startWorkflow: { workflow: { id: string }; room: { id: string } } };
  const { startWorkflow: started } = dataOf(await query<Started>(endpoint, START, { userInput: 'a lamp that hums' }));
  return { workflowId: started.workflow.id, roomId: started.room.id };
}
