import { v7 as uuidv7 } from 'uuid';
import { dispatchCalls, dispatchCancel } from './dispatch-calls.ts';
import { AGENT_NAMES, type AgentName } from './domain/agents.ts';
import { isUuid, logCursor } from './domain/cursor.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { roomTitle } from './domain/room-title.ts';
import { isWorkflowFinished } from './domain/workflow.ts';
import { parseIdempotencyKey, parseLanguage, parseTitle, parseUserInput, parseVariation } from './inputs.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { RoomRecord, WorkflowRecord } from './ports/records.ts';
import type { CreatedWorkflow, NewWorkflow, WorkflowSnapshot, WorkflowStore } from './ports/store.ts';
import { invalidInput, RequestError, roomNotFound, workflowAlreadyRunning, workflowNotFound } from './request-error.ts';
import * as transitions from './transitions.ts';

export type StartWorkflow = {
  roomId?: string;
  userInput: string;
  /** BCP 47; sent to every agent. */
  language?: string;
  /** Sent to every agent. */
  variation?: number;
  idempotencyKey?: string;
};
export type RetryWorkflow = { from?: AgentName; idempotencyKey?: string };

export type StartedWorkflow = {
  workflow: WorkflowRecord;
  room: RoomRecord;
  /** The idempotency key was used before: this is the workflow of the first call. */
  replayed: boolean;
  /** The cursor before the workflow's first line, for `after`; null in a room without earlier lines. */
  logCursor: string | null;
};

/** The commands of the API. Each is durable when it returns. They validate their inputs: INVALID_INPUT names the field. */
export type WorkflowService = {
  createRoom(viewerId: string, input: { title?: string }): Promise<RoomRecord>;
  /** @throws {RequestError} INVALID_INPUT, ROOM_NOT_FOUND, WORKFLOW_ALREADY_RUNNING, IDEMPOTENCY_CONFLICT */
  start(viewerId: string, input: StartWorkflow): Promise<StartedWorkflow>;
  /** @throws {RequestError} WORKFLOW_NOT_FOUND, WORKFLOW_FINISHED */
  cancel(viewerId: string, workflowId: string): Promise<WorkflowRecord>;
  /** @throws {RequestError} as `start`, WORKFLOW_NOT_FOUND, NOTHING_TO_RETRY */
  retry(viewerId: string, workflowId: string, input: RetryWorkflow): Promise<StartedWorkflow>;
};

export type WorkflowServiceDeps = {
  store: WorkflowStore;
  dispatcher: Dispatcher;
  publish: PublishLines;
  promote: (viewerId: string) => Promise<void>;
  policy: RetryPolicy;
  /** Running workflows of one viewer beyond which further ones are queued; 0: no limit. */
  maxRunningPerViewer: number;
};

export function createWorkflowService(deps: WorkflowServiceDeps): WorkflowService {
  const { store, dispatcher, publish, policy } = deps;

  async function create(command: Omit<NewWorkflow, 'workflowId'>): Promise<StartedWorkflow> {
    const limits = { policy, maxRunning: deps.maxRunningPerViewer };
    const created = await store.create({ ...command, workflowId: uuidv7() }, (admission) =>
      transitions.create(admission, command, limits),
    );
    publish(created.lines);
    dispatchCalls(dispatcher, created.workflow.id, created.decisions);
    return started(created);
  }

  return {
    createRoom: async (viewerId, { title }) =>
      await store.createRoom({ id: uuidv7(), viewerId, title: title === undefined ? null : parseTitle(title) }),

    async start(viewerId, { roomId, userInput, language, variation, idempotencyKey }) {
      const input = parseUserInput(userInput);
      const wanted = {
        language: language === undefined ? null : parseLanguage(language),
        variation: variation === undefined ? null : parseVariation(variation),
      };
      const key = idempotencyKey === undefined ? null : parseIdempotencyKey(idempotencyKey);
      if (roomId !== undefined && !isUuid(roomId)) throw roomNotFound();
      return await create({
        viewerId,
        userInput: input,
        ...wanted,
        room:
          roomId === undefined
            ? { type: 'new', id: uuidv7(), title: roomTitle(input) }
            : { type: 'existing', id: roomId },
        retry: null,
        idempotency: key === null ? null : { key, request: startRequest(roomId, input, wanted) },
      });
    },

    async cancel(viewerId, workflowId) {
      if (!isUuid(workflowId)) throw workflowNotFound();
      const outcome = await store.change({ workflowId, viewerId }, (snapshot) => transitions.cancel(snapshot, policy));
      if (outcome === null) throw workflowNotFound();
      if (outcome.type === 'skipped') return outcome.workflow;
      dispatchCancel(dispatcher, workflowId, outcome.leaseNumbers);
      publish(outcome.lines);
      await deps.promote(viewerId);
      return outcome.workflow;
    },

    async retry(viewerId, workflowId, { from, idempotencyKey }) {
      const key = idempotencyKey === undefined ? null : parseIdempotencyKey(idempotencyKey);
      const original = isUuid(workflowId) ? await store.snapshot(viewerId, workflowId) : null;
      if (original === null) throw workflowNotFound();
      return await create({
        viewerId,
        userInput: original.workflow.userInput,
        language: original.workflow.language,
        variation: original.workflow.variation,
        room: { type: 'existing', id: original.workflow.roomId },
        retry: { workflowId, from: retryFrom(original, from) },
        idempotency: key === null ? null : { key, request: JSON.stringify(['retry', workflowId, from ?? null]) },
      });
    },
  };
}

/** What a key stands for. Without the optional arguments it is the same as before these existed. */
function startRequest(
  roomId: string | undefined,
  userInput: string,
  { language, variation }: Pick<NewWorkflow, 'language' | 'variation'>,
): string {
  const optional = language === null && variation === null ? [] : [language, variation];
  return JSON.stringify(['start', roomId ?? null, userInput, ...optional]);
}

/**
 * The requested agent, or by default the first one without a result.
 * @throws {RequestError} WORKFLOW_ALREADY_RUNNING, NOTHING_TO_RETRY, INVALID_INPUT when it comes after that one
 */
function retryFrom({ chain, workflow }: WorkflowSnapshot, from: AgentName | undefined): AgentName {
  const firstMissing = AGENT_NAMES.find((agent) => chain.steps[agent].status !== 'succeeded');
  if (!isWorkflowFinished(workflow.status)) throw workflowAlreadyRunning(workflow.id);
  if (from === undefined) {
    if (firstMissing !== undefined) return firstMissing;
    throw new RequestError('NOTHING_TO_RETRY', 'All four agents succeeded. Set `from` to the agent to start from.');
  }
  if (firstMissing !== undefined && AGENT_NAMES.indexOf(from) > AGENT_NAMES.indexOf(firstMissing)) {
    throw invalidInput('from', `must not come after ${firstMissing.toUpperCase()}, which has no result to keep`);
  }
  return from;
}

function started({ workflow, room, replayed }: CreatedWorkflow): StartedWorkflow {
  const { logStartSeq } = workflow;
  return { workflow, room, replayed, logCursor: logStartSeq === 0 ? null : logCursor(room.id, logStartSeq) };
}
