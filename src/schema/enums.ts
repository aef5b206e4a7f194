import { AGENT_NAMES, AGENT_TYPES } from '../orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES } from '../orchestrator/domain/failure.ts';
import { LOG_LEVELS } from '../orchestrator/domain/log-line.ts';
import { ROOM_STATUSES, STEP_STATUSES, WORKFLOW_STATUSES } from '../orchestrator/domain/workflow.ts';
import { builder } from './builder.ts';

type EnumValues<V extends string> = { [K in V as Uppercase<K>]: { value: K; description: string } };

/**
 * A list of the domain as the values of a GraphQL enum: `idle` inside is `IDLE` outside. A name without a description
 * does not type-check.
 */
function enumValues<V extends string>(names: readonly V[], descriptions: Record<V, string>): EnumValues<V> {
  const values = names.map((name) => [name.toUpperCase(), { value: name, description: descriptions[name] }]);
  return Object.fromEntries(values) as EnumValues<V>;
}

export const AgentNameRef = builder.enumType('AgentName', {
  description: 'The four agents of the chain; they run in the order STORY, ASSET, CODE, DEPLOY.',
  values: enumValues(AGENT_NAMES, {
    story: "Writes a story from the user's input.",
    asset: 'Draws an image for the story.',
    code: 'Makes a page of the story and the image.',
    deploy: 'Publishes the page.',
  }),
});

export const AgentTypeRef = builder.enumType('AgentType', {
  description: "Who wrote a line of a room's log.",
  values: enumValues(AGENT_TYPES, {
    story: 'StoryAgent, while it works.',
    asset: 'AssetAgent, while it works.',
    code: 'CodeAgent, while it works.',
    deploy: 'DeployAgent, while it works.',
    orchestrator:
      "The service itself: a workflow's start and end, each attempt, each wait, the deployment, the reward.",
  }),
});

export const AgentErrorCodeRef = builder.enumType('AgentErrorCode', {
  description: 'Why an attempt failed.',
  values: enumValues(AGENT_ERROR_CODES, {
    TIMEOUT: "The agent's answer was not complete within the time an attempt may take.",
    CONNECTION: 'The agent could not be reached, or the connection broke before its answer was complete.',
    HTTP_STATUS: 'The agent answered with an HTTP status other than 200, redirects included; see `httpStatus`.',
    BAD_RESPONSE:
      'The agent answered, but not with what it has to: not JSON, too large, cut short, a needed field missing.',
    REFUSED: 'The agent itself said no.',
    INTERRUPTED: 'The process that made the call died.',
  }),
});

export const LogLevelRef = builder.enumType('LogLevel', {
  description: 'What kind of news a log line is.',
  values: enumValues(LOG_LEVELS, {
    info: 'Something began or goes on.',
    warn: 'Something went wrong and is tried again, or is worth knowing.',
    error: 'Something failed for good.',
    success: 'Something succeeded.',
  }),
});

export const RoomStatusRef = builder.enumType('RoomStatus', {
  description: 'Where a room stands: what its latest workflow made of it.',
  values: enumValues(ROOM_STATUSES, {
    idle: 'Nothing runs: no workflow was started yet, or the latest one was cancelled.',
    running: 'A workflow is queued or running; another cannot be started.',
    done: 'All four agents of the latest workflow succeeded.',
    error: 'An agent of the latest workflow failed; `Room.error` says which and why.',
  }),
});

export const StepStatusRef = builder.enumType('StepStatus', {
  description: "Where one agent's place in a workflow stands. SUCCEEDED, FAILED and CANCELLED are final.",
  values: enumValues(STEP_STATUSES, {
    pending: 'Its turn has not come, or no worker has taken it yet.',
    running: 'The agent is being called.',
    waiting_to_retry: 'An attempt failed; the next one is due at `nextAttemptAt`.',
    succeeded: "The agent's result is saved.",
    failed: 'No attempt is left, or the agent said that another would fail as well. The chain goes on without it.',
    cancelled: 'The workflow was cancelled before there was a result.',
  }),
});

export const WorkflowStatusRef = builder.enumType('WorkflowStatus', {
  description: 'Where a workflow stands. SUCCEEDED, FAILED and CANCELLED are final.',
  values: enumValues(WORKFLOW_STATUSES, {
    queued: "It waits until fewer of the viewer's workflows run.",
    running: 'Its agents are at work, or wait for their next attempt.',
    succeeded: 'All four agents succeeded; the reward is paid.',
    failed: 'It ran to its end, but at least one agent failed. The results of the others are kept; no reward is paid.',
    cancelled: 'It was stopped by cancelWorkflow. The results until then are kept; no reward is paid.',
  }),
});
