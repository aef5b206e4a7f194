import {
  type ExecuteOptions,
  type OrchestratorOptions,
  OrchestratorService,
  type WorkflowState,
} from '../../../src/index.ts';
import { AGENT_NAMES, type AgentName, type AgentType } from '../../../src/orchestrator/domain/agents.ts';
import type { LogLevel, LogMetadata } from '../../../src/orchestrator/domain/log-line.ts';
import { respond, type Scenario } from '../agents/simulated-agents.ts';

export type EmittedLine = {
  roomId: string;
  agentType: AgentType;
  level: LogLevel;
  message: string;
  metadata: LogMetadata | undefined;
};
/** A call as the agent received it. */
export type ReceivedCall = { agent: AgentName; url: string; headers: Headers; body: Record<string, unknown> };

/** One thing that happened in a simulation: a call to an agent, a log line, a wait, or a callback. */
export type RecordedEvent =
  | ({ type: 'call' } & ReceivedCall)
  | ({ type: 'line' } & EmittedLine)
  | { type: 'wait'; ms: number }
  | { type: 'status'; roomId: string; status: string }
  | { type: 'reward'; roomId: string; amount: number };

export type SimulatedOrchestrator = {
  orchestrator: OrchestratorService;
  /** Everything that happened, in order. */
  recorded: RecordedEvent[];
  of<T extends RecordedEvent['type']>(type: T): Extract<RecordedEvent, { type: T }>[];
  /** Waits before an agent's second, third … attempt, in ms. */
  waitsOf(agent: AgentName): number[];
  callsOf(agent: AgentName): ReceivedCall[];
  /** `metadata.event` of the orchestrator's lines, in order. */
  events(): unknown[];
  run(options?: ExecuteOptions): Promise<WorkflowState | null>;
};

export type SimulationOptions = OrchestratorOptions & {
  /** What the callbacks do, called after the line, status or reward is recorded. */
  callback?: (event: RecordedEvent) => unknown;
};

/**
 * The library's orchestrator over simulated agents, with a clock that only its own waits advance. `run` runs a workflow
 * in the room `room` for the input `a lamp`.
 */
export function createSimulatedOrchestrator(
  scenario: Scenario,
  { callback = () => {}, ...options }: SimulationOptions = {},
): SimulatedOrchestrator {
  const recorded: RecordedEvent[] = [];
  let nowMs = Date.UTC(2026, 0, 1);
  const record = (event: RecordedEvent): unknown => {
    recorded.push(event);
    return callback(event);
  };
  const of: SimulatedOrchestrator['of'] = (type) =>
    recorded.filter((event): event is Extract<RecordedEvent, { type: typeof type }> => event.type === type);
  const callsOf = (agent: AgentName) => of('call').filter((call) => call.agent === agent);

  const simulatedFetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const agent = AGENT_NAMES.find((name) => url.hostname === `${name}.test`) ?? 'story';
    const answer = scenario[agent][callsOf(agent).length] ?? { type: 'succeeds' };
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
    recorded.push({ type: 'call', agent, url: url.href, headers: new Headers(init?.headers), body });
    return respond(agent, answer);
  };

  const orchestrator = new OrchestratorService(
    (roomId, agentType, level, message, metadata) =>
      record({ type: 'line', roomId, agentType, level, message, metadata }),
    (roomId, status) => record({ type: 'status', roomId, status }),
    (roomId, amount) => record({ type: 'reward', roomId, amount }),
    {
      agents: Object.fromEntries(AGENT_NAMES.map((name) => [name, { url: `http://${name}.test` }])),
      fetch: simulatedFetch,
      sleep: async (ms) => {
        recorded.push({ type: 'wait', ms });
        nowMs += ms;
      },
      now: () => nowMs,
      ...options,
    },
  );

  return {
    orchestrator,
    recorded: recorded,
    of,
    callsOf,
    waitsOf: (agent) =>
      recorded.flatMap((event, index) => {
        const next = recorded.slice(index).find(({ type }) => type === 'call');
        return event.type === 'wait' && next?.type === 'call' && next.agent === agent ? [event.ms] : [];
      }),
    events: () =>
      of('line').flatMap(({ agentType, metadata }) => (agentType === 'orchestrator' ? [metadata?.['event']] : [])),
    async run(runOptions) {
      await orchestrator.executeWorkflow('room', 'a lamp', runOptions);
      return orchestrator.getWorkflowState('room');
    },
  };
}
