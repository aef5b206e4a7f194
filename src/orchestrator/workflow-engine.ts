import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { AgentName } from './domain/agents.ts';
import { LEASE_TRUST_MS } from './domain/liveness.ts';
import type { RetryPolicy } from './domain/retry-policy.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { CallAgent } from './ports/call-agent.ts';
import type { Dispatcher } from './ports/dispatch.ts';
import type { PublishLines } from './ports/log.ts';
import { type EngineObserver, NO_OBSERVER } from './ports/observer.ts';
import type { PublishOutput, SaveOutput } from './ports/output.ts';
import type { AppendAgentLines, LeaseStore, WorkflowStore } from './ports/store.ts';
import type { ReadSpentUsd, SaveUsage } from './ports/usage.ts';
import { createPromotion } from './promotion.ts';
import { startReconciler } from './reconciler.ts';
import type { Repeating } from './repeat.ts';
import { createRetryWhileUnavailable } from './retry-while-unavailable.ts';
import { createStepRunner } from './step-runner.ts';
import type { Worker } from './transitions.ts';
import { createWorkflowService, type WorkflowService } from './workflow-service.ts';

export type WorkflowEngineDeps = {
  /** For steps. */
  store: WorkflowStore;
  /** The same for the commands of the API, which steps do not wait for. @default store */
  commands?: WorkflowStore;
  leases: LeaseStore;
  appendAgentLines: AppendAgentLines;
  callAgent: CallAgent;
  saveUsage: SaveUsage;
  readSpentUsd: ReadSpentUsd;
  /** Most that the calls of one workflow may cost, in US dollars; null: no limit. */
  maxCostUsd: number | null;
  dispatcher: Dispatcher;
  publish: PublishLines;
  saveOutput: SaveOutput;
  publishOutput: PublishOutput;
  /** @default nobody is told */
  observer?: EngineObserver;
  policy: RetryPolicy;
  /** 0: no limit. */
  maxRunningPerViewer: number;
  /** No other process uses this database: steps of earlier workers may be taken at once. */
  isSoleProcess: boolean;
  /** The database is unavailable: the same call may succeed later. */
  isUnavailable: (error: unknown) => boolean;
  /** Called when background work failed, which will be repeated. */
  onError: (what: string, error: unknown) => void;
  /** Milliseconds from a monotonic clock. @default performance.now */
  now?: () => number;
  /** Time between two runs of the reconciler, in ms. @default 2000 */
  reconcileMs?: number;
  /** How long handing over may take after the grace period, in ms, in case Postgres hangs. @default 5000 */
  handOverTimeoutMs?: number;
};

export type WorkflowEngine = {
  service: WorkflowService;
  /** Starts to work on steps. Until then the process only serves commands. */
  work(): Promise<void>;
  /** How many calls of each agent are in progress here. */
  runningCalls(): Record<AgentName, number>;
  /** Whether this process works on steps: `work` has begun, `stop` has not, and its lease renewals reach Postgres. */
  isTakingSteps(): boolean;
  /**
   * Takes no more steps, gives calls in flight `graceMs` to end, and hands the others over: another worker repeats them
   * at once, under the same attempt number. It ends even if Postgres does not answer; the other workers then notice by
   * themselves that this one is gone.
   */
  stop(graceMs: number): Promise<void>;
};

/** The durable driver of the chain. */
export function createWorkflowEngine(deps: WorkflowEngineDeps): WorkflowEngine {
  const { store, leases, dispatcher, publish, policy, maxRunningPerViewer, observer = NO_OBSERVER } = deps;
  const promote = createPromotion({
    store,
    dispatcher,
    publish,
    observer,
    policy,
    maxRunningPerViewer,
    onError: (error) => deps.onError('promotion of a queued workflow', error),
  });
  // Without a limit nothing is queued. The reconciler starts what an earlier limit left in the queue.
  const promoteAfterEnd = maxRunningPerViewer === 0 ? async () => {} : promote;
  const runner = createStepRunner({
    ...deps,
    observer,
    promote: promoteAfterEnd,
    retryWhileUnavailable: createRetryWhileUnavailable(deps.isUnavailable),
    worker: (): Worker => heartbeat.worker(),
    confirmedAt: (order) => heartbeat.confirmedAt(order),
  });
  const heartbeat = createHeartbeat({
    workerId: uuidv7(),
    leases,
    calls: runner.calls,
    isSoleProcess: deps.isSoleProcess,
    onError: (error) => deps.onError('heartbeat', error),
    ...(deps.now === undefined ? {} : { now: deps.now }),
  });
  const service = createWorkflowService({ ...deps, store: deps.commands ?? store, promote: promoteAfterEnd });
  const { now = () => performance.now() } = deps;
  let reconciler: Repeating | null = null;
  let isStopping = false;

  async function handOver(graceMs: number): Promise<void> {
    const grace = setTimeout(() => runner.calls.abortAll(), graceMs);
    // The reconciler may be dispatching steps at this moment; a closed dispatcher starts none of them.
    await Promise.all([dispatcher.close(), reconciler?.stop()]);
    clearTimeout(grace);
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
        observer,
        onError: (error) => deps.onError('reconciliation', error),
        ...(deps.reconcileMs === undefined ? {} : { intervalMs: deps.reconcileMs }),
      });
    },
    runningCalls: runner.calls.countByAgent,
    isTakingSteps: () => reconciler !== null && !isStopping && now() - heartbeat.seenAt() <= LEASE_TRUST_MS,
    async stop(graceMs) {
      isStopping = true;
      const done = new AbortController();
      const timeout = sleep(graceMs + (deps.handOverTimeoutMs ?? 5_000), undefined, { signal: done.signal });
      await Promise.race([handOver(graceMs), timeout]).finally(() => done.abort());
    },
  };
}
