import type { AgentName } from '../domain/agents.ts';

export type StepRef = { workflowId: string; agent: AgentName };

/** A step that is to be taken once more. */
export type ReadyStep = StepRef & {
  /** Of the step's last lease, 0 before the first: the same turn dispatched again is one turn. */
  leaseNumber: number;
};

/** One of the calls that an agent may have at once: held by who works on a step of that agent. */
export type Slot = {
  /**
   * A place of the agent that comes next, for going on with it in the same process, without a dispatch. Asked for before
   * the step is taken. Null where it is to be dispatched instead: the agent has no free place here, others wait for one,
   * its calls are limited over all processes, or no new work is taken any more.
   */
  next(agent: AgentName): Slot | null;
  /** Gives it back; more than once is once. The handler's own is given back when the handler settles, at the latest. */
  release(): void;
};

/** What a process does with the steps it is handed. */
export type StepHandler = {
  /**
   * Takes the step and makes one attempt; and goes on with the next agent as long as it has a place there.
   * @returns null, or in how many ms the step is to be handed over again: its wait is not over yet.
   */
  run(step: StepRef, place: Slot): Promise<number | null>;
  /** The workflow was cancelled, here or in another process: its calls are closed. */
  cancelled(workflowId: string): void;
};

/** Who works on which step and when. Losing a dispatch loses nothing: the reconciler makes it again from Postgres. */
export type Dispatcher = {
  /** Hands the step to a worker, in this process or another, after `delayMs` (0: at once). Never throws. */
  dispatch(turn: ReadyStep, delayMs: number): void;
  /** Tells every handler of it, and forgets these turns as far as they have not begun. Never throws. */
  cancel(workflowId: string, turns: readonly ReadyStep[]): void;
  /** From now on steps are handed over, within each agent's limits. */
  start(handler: StepHandler): void;
  /** Takes no new work; settles when every `run` has, and what they dispatched is out. */
  close(): Promise<void>;
};
