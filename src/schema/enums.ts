import { AGENT_NAMES, AGENT_TYPES } from '../orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES } from '../orchestrator/domain/failure.ts';
import { LOG_LEVELS } from '../orchestrator/domain/log-line.ts';
import { ROOM_STATUSES, STEP_STATUSES, WORKFLOW_STATUSES } from '../orchestrator/domain/workflow.ts';
import { builder } from './builder.ts';

type EnumValues<V extends string> = { [K in V as Uppercase<K>]: { value: K; description: string } };

/** The values of a GraphQL enum from a list of the domain: `idle` becomes `IDLE`. Every value needs a description. */
export function enumValues<V extends string>(names: readonly V[], descriptions: Record<V, string>): EnumValues<V> {
  const values = names.map((name) => [name.toUpperCase(), { value: name, description: descriptions[name] }]);
  return Object.fromEntries(values) as EnumValues<V>;
}

export const AgentNameRef = builder.enumType('AgentName', {
  description: 'The four agents, which run in the order STORY, ASSET, CODE, DEPLOY.',
  values: enumValues(AGENT_NAMES, {
    story: "Writes a story from the user's input.",
    asset: 'Draws an image for the story.',
    code: 'Writes a page with the story and the image.',
    deploy: 'Publishes the page.',
  }),
});

export const AgentTypeRef = builder.enumType('AgentType', {
  description: "Who wrote a line of a room's log.",
  values: enumValues(AGENT_TYPES, {
    story: 'StoryAgent.',
    asset: 'AssetAgent.',
    code: 'CodeAgent.',
    deploy: 'DeployAgent.',
    orchestrator:
      'The service itself. It logs the start and end of a workflow, attempts, retries, the deployment and the reward.',
  }),
});

export const AgentErrorCodeRef = builder.enumType('AgentErrorCode', {
  description: 'Why an attempt failed.',
  values: enumValues(AGENT_ERROR_CODES, {
    TIMEOUT: 'The response was not complete within the maximum duration of an attempt.',
    CONNECTION: 'The agent could not be reached, or the connection broke before the response was complete.',
    HTTP_STATUS: 'The agent answered with an HTTP status other than 200, including redirects. See `httpStatus`.',
    BAD_RESPONSE: 'The response is invalid: not JSON, too large, truncated, or without a required field.',
    REFUSED: 'The agent reported an error.',
    INTERRUPTED: 'The worker process died five times during the call.',
    BUDGET: 'The agent was not called: the workflow has cost as much as MAX_COST_USD_PER_WORKFLOW allows.',
  }),
});

export const LogLevelRef = builder.enumType('LogLevel', {
  description: 'The severity of a log line.',
  values: enumValues(LOG_LEVELS, {
    info: 'Normal progress.',
    warn: 'Something failed and will be retried, or needs attention.',
    error: 'Something failed and will not be retried.',
    success: 'Something succeeded.',
  }),
});

export const RoomStatusRef = builder.enumType('RoomStatus', {
  description: 'The status of a room, which follows from its latest workflow.',
  values: enumValues(ROOM_STATUSES, {
    idle: 'No workflow has been started yet, or the latest one was cancelled.',
    running: 'A workflow is queued or running. Another one cannot be started meanwhile.',
    done: 'All four agents of the latest workflow succeeded.',
    error: 'At least one agent of the latest workflow failed. `Room.error` names the agent and the reason.',
  }),
});

export const StepStatusRef = builder.enumType('StepStatus', {
  description: 'The status of a step. SUCCEEDED, FAILED and CANCELLED are final.',
  values: enumValues(STEP_STATUSES, {
    pending: 'The step is waiting for earlier steps, or for a worker.',
    running: 'The agent is being called.',
    waiting_to_retry: 'An attempt failed. The next one is due at `nextAttemptAt`.',
    succeeded: 'The result of the agent is saved.',
    failed: 'No attempts are left, or the agent reported that retrying is pointless. The next agent runs nevertheless.',
    cancelled: 'The workflow was cancelled before the step had a result.',
  }),
});

export const WorkflowStatusRef = builder.enumType('WorkflowStatus', {
  description: 'The status of a workflow. SUCCEEDED, FAILED and CANCELLED are final.',
  values: enumValues(WORKFLOW_STATUSES, {
    queued: "Waiting until fewer of the viewer's workflows are running.",
    running: 'An agent is being called, or is waiting for its next attempt.',
    succeeded: 'All four agents succeeded and the reward was paid.',
    failed: 'At least one agent failed. The results of the others are kept, and no reward is paid.',
    cancelled: 'Stopped by cancelWorkflow. Results up to then are kept, and no reward is paid.',
  }),
});
