import { randomUUID } from 'node:crypto';
import type { AgentResult, StepResults } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import {
  advance,
  type ChainEvent,
  type ChainState,
  type Decision,
  initialChain,
} from '../orchestrator/domain/chain.ts';
import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { RetryPolicy } from '../orchestrator/domain/retry-policy.ts';
import type { CallAgent } from '../orchestrator/ports/call-agent.ts';
import type { LineQueue } from './line-queue.ts';

/** What all workflows of an orchestrator share. */
export type WorkflowDeps = {
  callAgent: CallAgent;
  policy: RetryPolicy;
  /** Waits between two attempts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** ms since the epoch */
  now: () => number;
};

/** The input of a workflow. */
export type WorkflowRequest = { roomId: string; userInput: string; userId: string; signal: AbortSignal };

/** The call that the chain decided to make next. */
export type NextCall = Extract<Decision, { type: 'call' }>;

/** A workflow in memory: the chain's state and the results so far. */
export type WorkflowRun = WorkflowRequest & {
  /** A UUID, part of the Idempotency-Key that agents receive; the same for every attempt. */
  readonly id: string;
  readonly deps: WorkflowDeps;
  readonly lines: LineQueue;
  readonly startedAt: number;
  chain: ChainState;
  results: StepResults;
  /** The agent that is called or waited for; null before the first and after the last. */
  currentAgent: AgentName | null;
};

export function createWorkflowRun(deps: WorkflowDeps, request: WorkflowRequest, lines: LineQueue): WorkflowRun {
  const startedAt = deps.now();
  return {
    ...request,
    deps,
    lines,
    startedAt,
    id: randomUUID(),
    chain: initialChain(),
    results: {},
    currentAgent: null,
  };
}

/** Applies an event to the chain. Returns what the chain decides. */
export function applyEvent(run: WorkflowRun, event: ChainEvent): Decision[] {
  const { state, decisions } = advance(run.chain, event, run.deps.policy);
  run.chain = state;
  return decisions;
}

/** The call to make next; null when the workflow has ended. */
export function nextCall(decisions: readonly Decision[]): NextCall | null {
  return decisions.find((decision) => decision.type === 'call') ?? null;
}

/** Writes one of the orchestrator's lines to the room's log, without waiting for it. */
export function writeLine(run: WorkflowRun, line: NewLogLine): void {
  void run.lines.write(line);
}

/** Keeps a step's result for the agents after it. */
export function keepResult(run: WorkflowRun, agent: AgentName, result: AgentResult): void {
  run.results = { ...run.results, [agent]: result };
}

/** Whole ms since `startedAt` (a value of `now`). Never negative, even if the clock is set back. */
export function elapsedMs(run: WorkflowRun, startedAt: number): number {
  return Math.max(0, Math.round(run.deps.now() - startedAt));
}
