import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { CallAgent } from './ports/agents.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import type { AppendAgentLines, LeaseStore, WorkflowStore } from './ports/store.ts';
import { createPromotion } from './promotion.ts';
import { startReconciler } from './reconciler.ts';
import type { Repeating } from './repeat.ts';
import { createRetryWhileUnavailable } from './retry-while-unavailable.ts';
import { createStepRunner } from './step-runner.ts';
import type { Worker } from './transitions.ts';
import { createWorkflowService, type WorkflowService } from './workflow-service.ts';

export type WorkflowEngineDeps = {
  store: WorkflowStore;
  leases: LeaseStore;
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  dispatcher: Dispatcher;
  publish: PublishLines;
  policy: RetryPolicy;
  /** 0: no limit. */
  maxRunningPerViewer: number;
  /** No other process works on this database: what others left behind may be taken at once. */
  isSoleProcess: boolean;
  /** The database is away: the same call may succeed later. */
  isUnavailable: (error: unknown) => boolean;
  /** Told of what failed in the background, and is done again. */
  failed: (what: string, error: unknown) => void;
  /** Milliseconds from a monotonic clock. @default performance.now */
  now?: () => number;
  /** How often the reconciler looks, in ms. @default 2000 */
  reconcileMs?: number;
  /** How long handing over may take after the grace, in ms; then Postgres is taken for hung. @default 5000 */
  handOverWithinMs?: number;
};

export type WorkflowEngine = {
  service: WorkflowService;
  /** Begins to work on steps, first on those that were under way. Without it the process only takes commands. */
  work(): Promise<void>;
  /**
   * Takes no new step, gives calls in flight so many ms to end, and hands the rest over: other workers make them again
   * at once, under the same attempt number. Bounded also when Postgres does not answer: then others find out by
   * themselves.
   */
  stop(graceMs: number): Promise<void>;
};

/** The durable driver of the chain, over whatever keeps, calls and dispatches. */
export function createWorkflowEngine(deps: WorkflowEngineDeps): WorkflowEngine {
  const { store, leases, dispatcher, publish, policy, maxRunningPerViewer } = deps;
  const promote = createPromotion({
    ...{ store, dispatcher, publish, policy, maxRunningPerViewer },
    failed: (error) => deps.failed('starting a queued workflow', error),
  });
  // Without a limit nothing is queued; what an earlier limit left behind is the reconciler's.
  const promoteAfterEnd = maxRunningPerViewer === 0 ? async () => {} : promote;
  const runner = createStepRunner({
    ...deps,
    promote: promoteAfterEnd,
    retryWhileUnavailable: createRetryWhileUnavailable(deps.isUnavailable),
    worker: (): Worker => heartbeat.worker(),
    seenAt: () => heartbeat.seenAt(),
  });
  const heartbeat = createHeartbeat({
    workerId: uuidv7(),
    leases,
    calls: runner.calls,
    isSoleProcess: deps.isSoleProcess,
    failed: (error) => deps.failed('a heartbeat', error),
    ...(deps.now === undefined ? {} : { now: deps.now }),
  });
  const service = createWorkflowService({ ...deps, promote: promoteAfterEnd });
  let reconciler: Repeating | null = null;

  async function handOver(graceMs: number): Promise<void> {
    const enough = setTimeout(() => runner.calls.abortAll(), graceMs);
    // A look under way may find much to do, and none of that is begun any more.
    await Promise.all([dispatcher.close(), reconciler?.stop()]);
    clearTimeout(enough);
    await heartbeat.stop();
  }

  return {
    service,
    async work() {
      await heartbeat.start();
      dispatcher.start({ run: runner.run, cancelled: runner.calls.abort });
      reconciler = startReconciler({
        leases,
        dispatcher,
        promote,
        worker: heartbeat.worker,
        maxRunningPerViewer,
        failed: (error) => deps.failed('a look for steps that should be moving', error),
        ...(deps.reconcileMs === undefined ? {} : { intervalMs: deps.reconcileMs }),
      });
    },
    async stop(graceMs) {
      const over = new AbortController();
      const limit = sleep(graceMs + (deps.handOverWithinMs ?? 5_000), undefined, { signal: over.signal });
      await Promise.race([handOver(graceMs), limit]).finally(() => over.abort());
    },
  };
}
