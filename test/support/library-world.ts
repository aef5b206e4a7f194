import {
  type ExecuteOptions,
  type OrchestratorOptions,
  OrchestratorService,
  type WorkflowState,
} from '../../src/index.ts';
import { AGENT_NAMES, type AgentName, type AgentType } from '../../src/orchestrator/domain/agents.ts';
import type { LogLevel, LogMetadata } from '../../src/orchestrator/domain/log-line.ts';
import { type Fates, respond } from './agent-fates.ts';

export type ToldLine = {
  roomId: string;
  agentType: AgentType;
  level: LogLevel;
  message: string;
  metadata: LogMetadata | undefined;
};
/** A call as an agent got it. */
export type MadeCall = { agent: AgentName; url: string; headers: Headers; body: Record<string, unknown> };

/** What happened, in order. */
export type Happening =
  | ({ type: 'call' } & MadeCall)
  | ({ type: 'line' } & ToldLine)
  | { type: 'wait'; ms: number }
  | { type: 'status'; roomId: string; status: string }
  | { type: 'reward'; roomId: string; amount: number };

export type LibraryWorld = {
  orchestrator: OrchestratorService;
  happenings: Happening[];
  of<T extends Happening['type']>(type: T): Extract<Happening, { type: T }>[];
  /** Waits before the second, third … attempt of an agent, in ms. */
  waitsOf(agent: AgentName): number[];
  callsOf(agent: AgentName): MadeCall[];
  /** `metadata.event` of the orchestrator's lines, in order. */
  events(): unknown[];
  run(options?: ExecuteOptions): Promise<WorkflowState | null>;
};

export type WorldOptions = OrchestratorOptions & {
  /** Called after the recording of a line, a status or a reward: what the callbacks do. */
  callback?: (happening: Happening) => unknown;
};

/**
 * The library over agents that exist only as fates, with a clock that waits move and nothing else does. `run` gives the
 * room `room` the input `a lamp`.
 */
export function createLibraryWorld(fates: Fates, { callback = () => {}, ...options }: WorldOptions = {}): LibraryWorld {
  const happenings: Happening[] = [];
  let nowMs = Date.UTC(2026, 0, 1);
  const record = (happening: Happening): unknown => {
    happenings.push(happening);
    return callback(happening);
  };
  const of: LibraryWorld['of'] = (type) =>
    happenings.filter((happening): happening is Extract<Happening, { type: typeof type }> => happening.type === type);
  const callsOf = (agent: AgentName) => of('call').filter((call) => call.agent === agent);

  const fetchByFate: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const agent = AGENT_NAMES.find((name) => url.hostname === `${name}.test`) ?? 'story';
    const fate = fates[agent][callsOf(agent).length] ?? { type: 'answers' };
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
    happenings.push({ type: 'call', agent, url: url.href, headers: new Headers(init?.headers), body });
    return respond(agent, fate);
  };

  const orchestrator = new OrchestratorService(
    (roomId, agentType, level, message, metadata) =>
      record({ type: 'line', roomId, agentType, level, message, metadata }),
    (roomId, status) => record({ type: 'status', roomId, status }),
    (roomId, amount) => record({ type: 'reward', roomId, amount }),
    {
      agents: Object.fromEntries(AGENT_NAMES.map((name) => [name, { url: `http://${name}.test` }])),
      fetch: fetchByFate,
      sleep: async (ms) => {
        happenings.push({ type: 'wait', ms });
        nowMs += ms;
      },
      now: () => nowMs,
      ...options,
    },
  );

  return {
    orchestrator,
    happenings,
    of,
    callsOf,
    waitsOf: (agent) =>
      happenings.flatMap((happening, index) => {
        const next = happenings.slice(index).find(({ type }) => type === 'call');
        return happening.type === 'wait' && next?.type === 'call' && next.agent === agent ? [happening.ms] : [];
      }),
    events: () =>
      of('line').flatMap(({ agentType, metadata }) => (agentType === 'orchestrator' ? [metadata?.['event']] : [])),
    async run(runOptions) {
      await orchestrator.executeWorkflow('room', 'a lamp', runOptions);
      return orchestrator.getWorkflowState('room');
    },
  };
}
