import type { AgentName } from '../domain/agents.ts';

/** A step: a workflow has one for each agent. */
export type StepId = { workflowId: string; agent: AgentName };

/** A step that may be taken, as it is dispatched. */
export type ReadyStep = StepId & {
  /** Of the step's last lease, 0 before the first. Dispatching a step twice under one number has the effect of once. */
  leaseNumber: number;
};

/** Permission to make one more concurrent call of an agent. Held while a step of that agent is worked on. */
export type Slot = {
  /**
   * A slot of the agent that comes next, to continue with its step in this process without a dispatch. Requested before the
   * step is taken. Null when the step must be dispatched instead: the agent has no free slot here, others wait for one,
   * its calls are limited over all processes, or the dispatcher is closing.
   */
  next(agent: AgentName): Slot | null;
  /** Releases the slot; further calls do nothing. The handler's own slot is released at the latest when it settles. */
  release(): void;
};

/** What a process does with the steps that are handed to it. */
export type StepHandler = {
  /**
   * Takes the step and makes one attempt; then continues with the next agent while that has a free slot.
   * @returns null, or a `delayMs` when the step's wait is not over: it is handed over again after that.
   */
  run(step: StepId, slot: Slot): Promise<number | null>;
  /** The workflow was cancelled, in this process or another: its calls are aborted. */
  cancelled(workflowId: string): void;
};

/** Decides which process works on which step, and when. A dispatch may be lost: the reconciler repeats it from Postgres. */
export type Dispatcher = {
  /** Hands the step to a worker, in this process or another, after `delayMs` (0: at once). Never throws. */
  dispatch(step: ReadyStep, delayMs: number): void;
  /** Informs every handler, and drops those of the steps that have not begun. Never throws. */
  cancel(workflowId: string, steps: readonly ReadyStep[]): void;
  /** Begins to hand over steps, within each agent's limits. */
  start(handler: StepHandler): void;
  /** Hands over no more steps; settles when every `run` has settled and what they dispatched has been sent. */
  close(): Promise<void>;
};
