import { env } from 'node:process';
import { createAgentClient } from '../agents/agent-client.ts';
import type { EmitLog, RewardUser, UpdateRoomStatus } from './callbacks.ts';
import { createLineQueue, type LineQueue } from './line-queue.ts';
import type { OrchestratorOptions } from './options.ts';
import { createRecentRuns } from './recent-runs.ts';
import { type EndCallbacks, giveUp, orchestratorError, runWorkflow } from './run-workflow.ts';
import { orchestratorSettings } from './settings.ts';
import { createWorkflowRun, type WorkflowDeps } from './workflow-run.ts';
import { type WorkflowState, workflowState } from './workflow-state.ts';

/** What one workflow may be told. */
export type ExecuteOptions = {
  /** Whom the agents work for. @default the roomId */
  userId?: string | undefined;
  /** Aborting it closes the call in flight and ends the workflow: status `idle`, no reward. */
  signal?: AbortSignal | undefined;
};

/**
 * Runs workflows in memory: StoryAgent, AssetAgent, CodeAgent, DeployAgent, each retried with exponential backoff
 * (requirement 12.1), going on past those that fail for good (requirement 12.2). What runs when the process dies is
 * lost; the service of this package keeps it.
 */
export class OrchestratorService {
  readonly #deps: WorkflowDeps;
  readonly #emitLog: EmitLog;
  readonly #callbacks: EndCallbacks;
  readonly #runs = createRecentRuns();
  readonly #running = new Set<string>();

  /**
   * Reads the environment variables that the options leave open. Connects to nothing.
   * @param emitLog takes each line of a room's log, for example to a `LogEmitterService`
   * @param updateRoomStatus is told the room's status at the end, once a workflow
   * @param rewardUser is asked for the reward after `done`, at most once a workflow
   * @param options what differs from the defaults and the environment
   * @throws TypeError that names every option and environment variable that is out of its bounds
   */
  constructor(
    emitLog: EmitLog,
    updateRoomStatus: UpdateRoomStatus,
    rewardUser: RewardUser,
    options: OrchestratorOptions = {},
  ) {
    const { agents, policy } = orchestratorSettings(options, env);
    const { fetch, sleep = wait, now = Date.now } = options;
    this.#emitLog = emitLog;
    this.#callbacks = { updateRoomStatus, rewardUser };
    this.#deps = { callAgent: createAgentClient({ agents, now, ...(fetch && { fetch }) }), policy, sleep, now };
  }

  /**
   * Runs the four agents for a room. At the end: the room's status (`done`, or `error` when an agent failed for good),
   * then, after `done` alone, a reward of 10, then the lines that tell of both. Settles when all that is over, and the
   * log has taken its lines or had 100 ms for them.
   *
   * Never rejects: failures of agents and callbacks are lines of the room's log. While a workflow of the room runs, a
   * second call logs an error and changes nothing.
   * @param roomId the room; agents are sent it
   * @param userInput what StoryAgent is sent
   * @param options for this workflow alone
   */
  async executeWorkflow(roomId: string, userInput: string, options?: ExecuteOptions): Promise<void> {
    const lines = this.#linesOf(roomId);
    if (this.#running.has(roomId)) {
      void lines.write(orchestratorError('workflow.refused', 'Workflow refused: another one of this room is running'));
      return lines.drain();
    }
    this.#running.add(roomId);
    try {
      const signal = AbortSignal.any(options?.signal ? [options.signal] : []);
      const request = { roomId, userInput, userId: options?.userId ?? roomId, signal };
      const run = createWorkflowRun(this.#deps, request, lines);
      this.#runs.remember(run, (id) => this.#running.has(id));
      await runWorkflow(run, this.#callbacks);
    } catch (error) {
      // `signal` is no AbortSignal, or `now` threw.
      await giveUp(roomId, error, lines, this.#callbacks);
    } finally {
      this.#running.delete(roomId);
    }
  }

  /**
   * The room's workflow as it stands: the one that runs, else the last one of this orchestrator; null when there is
   * none. The last ones of 1,000 rooms are remembered.
   * @param roomId the room
   * @returns a copy, which changes no more
   */
  getWorkflowState(roomId: string): WorkflowState | null {
    const run = this.#runs.of(roomId);
    return run === undefined ? null : workflowState(run);
  }

  #linesOf(roomId: string): LineQueue {
    return createLineQueue(({ agentType, level, message, metadata }) =>
      this.#emitLog(roomId, agentType, level, message, metadata ?? undefined),
    );
  }
}

/** By the global timer of that moment, so that a reader's fake timers make it pass too; the policy allows no longer one. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = () => resolve();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
