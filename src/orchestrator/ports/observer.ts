import type { AgentName } from '../domain/agents.ts';
import type { Usage } from '../domain/usage.ts';

/** Why a step waited: for a worker or slot, for the viewer's limit of running workflows, or between two attempts. */
export type WaitCause = 'queue' | 'limit' | 'backoff';

/** What happens in the engine besides what the log lines say, for metrics. Called often, and must not throw. */
export type EngineObserver = {
  waited(agent: AgentName, cause: WaitCause, ms: number): void;
  /** A call was aborted, because its lease was lost or may have been. */
  leaseLost(): void;
  /** The reconciler found what should have been moving. */
  repaired(kind: 'dispatch' | 'promotion', count: number): void;
  /** What one call has consumed. `isUseful`: its result was saved. */
  used(agent: AgentName, usage: Usage, isUseful: boolean): void;
};

export const NO_OBSERVER: EngineObserver = {
  waited: () => {},
  leaseLost: () => {},
  repaired: () => {},
  used: () => {},
};

/** What becomes of committed lines in a process that serves watchers, for metrics. */
export type DeliveryObserver = {
  /** A line of a watched room arrived. */
  received(committedAt: Date): void;
  /** A live watcher returned to reading the database. */
  fellBehind(): void;
};

/** What a server does, for metrics. */
export type ServerObserver = {
  executed(operation: 'query' | 'mutation' | 'subscription', isOk: boolean, ms: number): void;
  socketClosed(code: number): void;
};
