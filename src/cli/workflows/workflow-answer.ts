export const WORKFLOW_FIELDS = 'id status room { id status } steps { agent status }';

export type WorkflowAnswer = {
  id: string;
  status: string;
  room: { id: string; status: string };
  steps: { agent: string; status: string }[];
};
