import { afterEach, describe, expect, test, vi } from 'vitest';
import { OrchestratorService } from '../../../src/index.ts';
import { scenarioOf } from '../../support/agents/simulated-agents.ts';
import { createSimulatedOrchestrator } from '../../support/library/simulated-orchestrator.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
afterEach(() => void vi.unstubAllEnvs());

describe('a workflow whose agents all succeed', () => {
  test('a workflow whose agents succeed sets the status, then pays the reward, then logs both', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({}));
    await world.run();
    const [status, reward, ...lines] = world.recorded.slice(-4);
    expect(status).toEqual({ type: 'status', roomId: 'room', status: 'done' });
    expect(reward).toEqual({ type: 'reward', roomId: 'room', amount: 10 });
    expect(lines.map((line) => 'metadata' in line && line.metadata?.['event'])).toEqual([
      'reward.paid',
      'workflow.finished',
    ]);
  });

  test('getWorkflowState describes a workflow with the agents’ full names', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({ asset: [{ type: 'disconnects' }] }), {
      retry: { initialDelayMs: 5 },
    });
    expect(world.orchestrator.getWorkflowState('room')).toBeNull();
    expect(await world.run()).toEqual({
      roomId: 'room',
      currentAgent: null,
      completedAgents: ['StoryAgent', 'AssetAgent', 'CodeAgent', 'DeployAgent'],
      failedAgents: [],
      retryCount: { StoryAgent: 0, AssetAgent: 1, CodeAgent: 0, DeployAgent: 0 },
      results: {
        StoryAgent: expect.objectContaining({ cid: 'story-cid' }),
        AssetAgent: expect.objectContaining({ imageCid: 'image-cid' }),
        CodeAgent: expect.objectContaining({ cid: 'code-cid' }),
        DeployAgent: expect.objectContaining({ success: true }),
      },
    });
  });

  test('every attempt of a workflow carries the same UUID in its Idempotency-Key, and the room as the default user', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({ code: [{ type: 'disconnects' }] }));
    await world.run();
    await world.run();
    const keys = world.of('call').map(({ agent, headers }) => [agent, headers.get('idempotency-key')?.split(':')]);
    const ids = new Set(keys.map(([, key]) => key?.[0]));
    expect(ids.size).toBe(2);
    for (const id of ids) expect(id).toMatch(UUID);
    for (const [agent, key] of keys) expect(key?.[1]).toBe(agent);
    expect(world.callsOf('story')[0]?.body).toEqual({ input: 'a lamp', userId: 'room', roomId: 'room' });
  });

  test('an agent’s progress becomes that agent’s lines, without control characters', async () => {
    const world = createSimulatedOrchestrator(
      scenarioOf({ story: [{ type: 'streams', messages: ['dreaming\u001b[31m'] }] }),
    );
    await world.run();
    const progress = world.of('line').filter(({ agentType }) => agentType === 'story');
    expect(progress).toMatchObject([{ level: 'info', message: 'dreaming␛[31m', metadata: undefined }]);
  });
});

describe('responses of a custom `fetch`', () => {
  async function runWith(made: (answer: unknown) => object) {
    const statuses: string[] = [];
    const deployed = { success: true, deploymentUrl: 'https://lamp.test/' };
    const answer = { story: 'A lamp.', imageCid: 'image', code: '<p>lamp</p>', cid: 'code', ...deployed };
    const fetch = async () => made(answer) as Response;
    const orchestrator = new OrchestratorService(vi.fn(), (_room, status) => statuses.push(status), vi.fn(), {
      fetch,
      retry: { maxAttempts: 1 },
    });
    await orchestrator.executeWorkflow('room', 'a lamp');
    return { statuses, state: orchestrator.getWorkflowState('room') };
  }

  test.each<[string, (answer: unknown) => object]>([
    ['a status and json', (answer) => ({ status: 200, json: async () => answer })],
    ['ok and json', (answer) => ({ ok: true, json: async () => answer })],
    ['headers and text', (answer) => ({ status: 200, headers: {}, text: async () => JSON.stringify(answer) })],
  ])('a hand-made response is accepted: %s', async (_of, made) => {
    expect((await runWith(made)).statuses).toEqual(['done']);
  });

  test.each<[string, () => object]>([
    ['not ok', () => ({ ok: false })],
    ['nothing', () => ({})],
    ['no body', () => ({ status: 200 })],
    ['a body that cannot be read', () => ({ status: 200, json: () => Promise.reject(new Error('no')) })],
    ['headers that are none', () => ({ status: 200, headers: { 'not a name': '' } })],
  ])('an object that is not a response fails the agent, not the workflow: %s', async (_of, made) => {
    const { statuses, state } = await runWith(made);
    expect(statuses).toEqual(['error']);
    expect(state?.failedAgents).toEqual(['StoryAgent', 'AssetAgent', 'CodeAgent', 'DeployAgent']);
  });
});

test('numbers that JavaScript cannot hold keep their digits in the results, and all others are numbers', async () => {
  const numbers = '[12345678901234567890,1e400,0.10000000000000001,-0.0,1.5]';
  const body = `{"story":"A lamp.","imageCid":"i","code":"c","cid":"c","deploymentUrl":"http://x/","success":true,"n":${numbers}}`;
  const orchestrator = new OrchestratorService(vi.fn(), vi.fn(), vi.fn(), { fetch: async () => new Response(body) });
  await orchestrator.executeWorkflow('room', 'a lamp');
  const found = orchestrator.getWorkflowState('room')?.results.StoryAgent?.['n'];
  expect(found).toEqual([JSON.rawJSON('12345678901234567890'), JSON.rawJSON('1e400'), 0.1, -0, 1.5]);
  expect(JSON.stringify(found)).toBe('[12345678901234567890,1e400,0.1,0,1.5]');
});

describe('concurrent workflows', () => {
  test('a second call for a room whose workflow is running logs an error and changes nothing', async () => {
    const gate = Promise.withResolvers<void>();
    const world = createSimulatedOrchestrator(scenarioOf({}), {
      callback: ({ type }) => type === 'status' && gate.promise,
    });
    const first = world.run();
    const before = world.recorded.length;
    await world.orchestrator.executeWorkflow('room', 'another lamp');
    const added = world.recorded.slice(before).filter((event) => 'level' in event && event.level === 'error');
    expect(added).toMatchObject([{ agentType: 'orchestrator', metadata: { event: 'workflow.refused' } }]);
    gate.resolve();
    await first;
    expect(world.callsOf('story')).toHaveLength(1);
    expect(world.of('status')).toHaveLength(1);
    await world.run();
    expect(world.of('status')).toHaveLength(2);
  });

  test('workflows of several rooms run at the same time', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({}));
    await Promise.all(['a', 'b', 'c'].map((room) => world.orchestrator.executeWorkflow(room, 'a lamp')));
    expect(world.of('status').map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });
});

describe('invalid arguments', () => {
  test('the constructor rejects invalid options and variables by name, without their values', () => {
    vi.stubEnv('RETRY_MAX_ATTEMPTS', 'three');
    vi.stubEnv('CODE_AGENT_URL', 'ftp://user:secret@host');
    const nothing = () => {};
    const make = () => new OrchestratorService(nothing, nothing, nothing, { agents: { story: { timeoutMs: -1 } } });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(/agents\.story\.timeoutMs.*CODE_AGENT_URL.*RETRY_MAX_ATTEMPTS/);
    expect(make).not.toThrow(/three|secret/);
  });

  test('an invalid argument of executeWorkflow is logged, and sets the room’s status to error', async () => {
    const world = createSimulatedOrchestrator(scenarioOf({}));
    await world.run({ signal: 'no signal' as unknown as AbortSignal });
    expect(world.events()).toEqual(['workflow.broken']);
    expect(world.of('status').map(({ status }) => status)).toEqual(['error']);
  });
});
