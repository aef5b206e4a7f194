/** The operations that the commands send, and the types of their answers. */

export type AgentName = 'STORY' | 'ASSET' | 'CODE' | 'DEPLOY';
export type StepStatus = 'PENDING' | 'RUNNING' | 'WAITING_TO_RETRY' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

export type Step = {
  agent: AgentName;
  status: StepStatus;
  error: string | null;
  nextAttemptAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  attempts: { number: number }[];
};

export type Workflow = {
  id: string;
  status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  /** Grows with each change. */
  version: number;
  createdAt: string;
  updatedAt: string;
  finishedAt: string | null;
  room: { id: string; status: 'IDLE' | 'RUNNING' | 'DONE' | 'ERROR'; error: string | null };
  steps: Step[];
  deployment: { deploymentUrl: string } | null;
  reward: { amount: number } | null;
};

export type LogLine = {
  id: string;
  /** 1, 2, 3 … within its room. */
  seq: number;
  timestamp: string;
  agentType: AgentName | 'ORCHESTRATOR';
  level: 'INFO' | 'WARN' | 'ERROR' | 'SUCCESS';
  message: string;
};

const WORKFLOW_FIELDS = `
  id status version createdAt updatedAt finishedAt
  room { id status error }
  steps { agent status error nextAttemptAt startedAt finishedAt attempts { number } }
  deployment { deploymentUrl }
  reward { amount }`;

export const START_WORKFLOW = `mutation Start($input: StartWorkflowInput!) {
  startWorkflow(input: $input) { logCursor workflow { ${WORKFLOW_FIELDS} } }
}`;
export type StartWorkflow = { startWorkflow: { logCursor: string | null; workflow: Workflow } };

export const RESULTS = `query Results($id: ID!) { workflow(id: $id) { steps { agent result } } }`;
export type ResultsAnswer = {
  workflow: { steps: { agent: AgentName; result: Record<string, unknown> | null }[] } | null;
};

export const CANCEL_WORKFLOW = `mutation Cancel($id: ID!) { cancelWorkflow(id: $id) { ${WORKFLOW_FIELDS} } }`;
export type CancelWorkflow = { cancelWorkflow: Workflow };

export const WORKFLOW_UPDATED = `subscription Watch($workflowId: ID!) {
  workflowUpdated(workflowId: $workflowId) { ${WORKFLOW_FIELDS} }
}`;
export type WorkflowUpdated = { workflowUpdated: Workflow };

export const AGENT_LOGS = `subscription Log($roomId: ID!, $workflowId: ID!, $after: ID) {
  agentLogs(roomId: $roomId, workflowId: $workflowId, after: $after) { id seq timestamp agentType level message }
}`;
export type AgentLogs = { agentLogs: LogLine };
