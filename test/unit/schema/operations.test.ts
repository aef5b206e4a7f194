import { execute, type GraphQLError, parse, subscribe } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_AGENT_TIMEOUTS_MS } from '../../../src/orchestrator/domain/agents.ts';
import type { ReportAgents } from '../../../src/orchestrator/ports/agents.ts';
import type { IssueRoomToken } from '../../../src/orchestrator/ports/caller.ts';
import type { Subscriptions } from '../../../src/orchestrator/ports/log.ts';
import type { Reads } from '../../../src/orchestrator/ports/reads.ts';
import { RequestError, workflowNotFound } from '../../../src/orchestrator/request-error.ts';
import type { WorkflowService } from '../../../src/orchestrator/workflow-service.ts';
import { createContext } from '../../../src/schema/context.ts';
import { buildSchema } from '../../../src/schema/index.ts';
import { pipeable } from '../../support/fake.ts';
import { room, workflow } from './records.ts';

const schema = buildSchema();
const noReads = {} as Reads;

function fakeService() {
  return {
    createRoom: vi.fn<WorkflowService['createRoom']>(async () => room),
    start: vi.fn<WorkflowService['start']>(async () => ({ workflow, room, replayed: false, logCursor: null })),
    cancel: vi.fn<WorkflowService['cancel']>(async () => workflow),
    retry: vi.fn<WorkflowService['retry']>(async () => ({ workflow, room, replayed: true, logCursor: 'c' })),
  } satisfies WorkflowService;
}

function fakeSubscriptions() {
  const nothing = () => pipeable<never>((async function* () {})());
  return {
    agentLogs: vi.fn<Subscriptions['agentLogs']>(async () => nothing()),
    deploymentCompleted: vi.fn<Subscriptions['deploymentCompleted']>(async () => nothing()),
    stepOutput: vi.fn<Subscriptions['stepOutput']>(async () => nothing()),
    workflowUpdated: vi.fn<Subscriptions['workflowUpdated']>(async () => nothing()),
  } satisfies Subscriptions;
}

const alice = { viewerId: 'alice' };
const issueRoomToken = vi.fn<IssueRoomToken>();
const agentTimeoutsMs = DEFAULT_AGENT_TIMEOUTS_MS;
const reportAgents = vi.fn<ReportAgents>();

async function run(workflows: WorkflowService, text: string) {
  const contextValue = createContext(
    { reads: noReads, agentTimeoutsMs, workflows, subscriptions: fakeSubscriptions(), issueRoomToken, reportAgents },
    alice,
  );
  return execute({ schema, document: parse(text), contextValue });
}

async function subscribeWith(subscriptions: Subscriptions, text: string) {
  const contextValue = createContext(
    { reads: noReads, agentTimeoutsMs, workflows: fakeService(), subscriptions, issueRoomToken, reportAgents },
    alice,
  );
  return subscribe({ schema, document: parse(text), contextValue });
}

describe('mutations', () => {
  test.each([
    ['createRoom { id }', 'createRoom', [{}]],
    ['createRoom(input: null) { id }', 'createRoom', [{}]],
    ['createRoom(input: { title: null }) { id }', 'createRoom', [{}]],
    ['createRoom(input: { title: "x" }) { id }', 'createRoom', [{ title: 'x' }]],
    [
      'startWorkflow(input: { userInput: "x", roomId: null, idempotencyKey: null }) { replayed }',
      'start',
      [{ userInput: 'x' }],
    ],
    [
      'startWorkflow(input: { userInput: "", roomId: "", idempotencyKey: "" }) { replayed }',
      'start',
      [{ userInput: '', roomId: '', idempotencyKey: '' }],
    ],
    ['cancelWorkflow(id: "w") { id }', 'cancel', ['w']],
    ['retryWorkflow(id: "w") { replayed }', 'retry', ['w', {}]],
    [
      'retryWorkflow(id: "w", from: CODE, idempotencyKey: "k") { replayed }',
      'retry',
      ['w', { from: 'code', idempotencyKey: 'k' }],
    ],
    ['retryWorkflow(id: "w", from: null, idempotencyKey: null) { replayed }', 'retry', ['w', {}]],
  ] as const)(
    '%s calls the service for the viewer, and null arguments count as absent',
    async (field, command, args) => {
      const service = fakeService();
      expect(await run(service, `mutation { ${field} }`)).not.toHaveProperty('errors');
      expect(service[command]).toHaveBeenCalledExactlyOnceWith('alice', ...args);
    },
  );

  test('a mutation returns what the service created', async () => {
    const { data } = await run(
      fakeService(),
      'mutation { retryWorkflow(id: "w") { replayed logCursor workflow { id status version startedAt } room { id status } } }',
    );
    expect(data).toEqual({
      retryWorkflow: {
        replayed: true,
        logCursor: 'c',
        workflow: { id: workflow.id, status: 'QUEUED', version: 1, startedAt: null },
        room: { id: room.id, status: 'RUNNING' },
      },
    });
  });

  test('an error of the service is passed on unchanged to the transport', async () => {
    const refusal = new RequestError('WORKFLOW_ALREADY_RUNNING', 'One runs.', { workflowId: 'w' });
    const service = { ...fakeService(), start: async () => await Promise.reject(refusal) };
    const { errors } = await run(service, 'mutation { startWorkflow(input: { userInput: "x" }) { replayed } }');
    expect(errors?.[0]?.originalError).toBe(refusal);
  });
});

describe('subscriptions', () => {
  test.each([
    ['agentLogs(roomId: "r") { id }', 'agentLogs', [{ roomId: 'r' }]],
    [
      'agentLogs(roomId: "r", after: null, workflowId: null, agentTypes: null, levels: null) { id }',
      'agentLogs',
      [{ roomId: 'r' }],
    ],
    [
      'agentLogs(roomId: "r", after: "", workflowId: "w", agentTypes: [ORCHESTRATOR], levels: [WARN, ERROR]) { id }',
      'agentLogs',
      [{ roomId: 'r', after: '', workflowId: 'w', agentTypes: ['orchestrator'], levels: ['warn', 'error'] }],
    ],
    ['deploymentCompleted(roomId: "r", since: null) { roomId }', 'deploymentCompleted', [{ roomId: 'r' }]],
    [
      'deploymentCompleted(roomId: "r", workflowId: "w", since: "2026-11-22T14:34:00.000Z") { roomId }',
      'deploymentCompleted',
      [{ roomId: 'r', workflowId: 'w', since: new Date('2026-11-22T14:34:00.000Z') }],
    ],
    ['workflowUpdated(workflowId: "w") { id }', 'workflowUpdated', ['w']],
    [
      'stepOutput(workflowId: "w", step: "story", channel: null, offset: null, after: null) { id }',
      'stepOutput',
      [{ workflowId: 'w', agent: 'story' }],
    ],
    [
      'stepOutput(workflowId: "w", step: "CodeAgent", channel: "notes", offset: 2) { id }',
      'stepOutput',
      [{ workflowId: 'w', agent: 'code', channel: 'notes', offset: 2 }],
    ],
    [
      'stepOutput(workflowId: "w", step: "DEPLOY", after: "x") { id }',
      'stepOutput',
      [{ workflowId: 'w', agent: 'deploy', after: 'x' }],
    ],
  ] as const)('%s subscribes for the viewer, and null arguments count as absent', async (field, what, args) => {
    const subscriptions = fakeSubscriptions();
    expect(await subscribeWith(subscriptions, `subscription { ${field} }`)).toHaveProperty('next');
    expect(subscriptions[what]).toHaveBeenCalledExactlyOnceWith('alice', ...args);
  });

  test('a subscription to someone else’s workflow fails before its first event', async () => {
    const subscriptions = {
      ...fakeSubscriptions(),
      workflowUpdated: async () => await Promise.reject(workflowNotFound()),
    };
    const answer = await subscribeWith(subscriptions, 'subscription { workflowUpdated(workflowId: "w") { id } }');
    expect(errorOf(answer)?.originalError).toMatchObject({ code: 'WORKFLOW_NOT_FOUND' });
  });

  test('a subscription with a malformed instant fails and names the argument', async () => {
    const answer = await subscribeWith(
      fakeSubscriptions(),
      'subscription { deploymentCompleted(roomId: "r", since: "now") { roomId } }',
    );
    expect(errorOf(answer)?.originalError).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'since' } });
  });
});

function errorOf(answer: object): GraphQLError | undefined {
  return (answer as { errors?: GraphQLError[] }).errors?.[0];
}
