import { env } from 'node:process';
import { createAgentClient } from '../agents/agent-client.ts';
import type { EmitLog, RewardUser, UpdateRoomStatus } from './callbacks.ts';
import { createLineQueue, type LineQueue } from './line-queue.ts';
import type { OrchestratorOptions } from './options.ts';
import { createRecentRuns } from './recent-runs.ts';
import { orchestratorSettings } from './resolve-settings.ts';
import { type EndCallbacks, giveUp, orchestratorError, runWorkflow } from './run-workflow.ts';
import { createWorkflowRun, type WorkflowDeps } from './workflow-run.ts';
import { type WorkflowState, workflowState } from './workflow-state.ts';

/** Options of one workflow. */
export type ExecuteOptions = {
  /** The user the agents work for. @default the roomId */
  userId?: string | undefined;
  /** When it aborts, the call in flight is closed and the workflow ends with status `idle` and without a reward. */
  signal?: AbortSignal | undefined;
};

/**
 * Runs workflows in memory: StoryAgent, AssetAgent, CodeAgent and DeployAgent, each retried with exponential backoff.
 * The workflow continues past agents that fail permanently. Workflows that are running when the process dies are lost;
 * the service in this package would resume them.
 */
export class OrchestratorService {
  readonly #deps: WorkflowDeps;
  readonly #emitLog: EmitLog;
  readonly #callbacks: EndCallbacks;
  readonly #runs = createRecentRuns();
  readonly #running = new Set<string>();

  /**
   * Reads the environment variables for options that are not given. Connects to nothing.
   * @param emitLog receives each line of a room's log, for example to pass it to a `LogEmitterService`
   * @param updateRoomStatus called once per workflow, at its end, with the room's status
   * @param rewardUser called at most once per workflow, after the status `done`
   * @param options overrides the defaults and the environment variables
   * @throws TypeError that names every invalid option and environment variable
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
   * Runs the four agents for a room. At the end it sets the room's status (`done`, or `error` if an agent failed
   * permanently), then after `done` pays a reward of 10, then logs both. Settles when all of this is over and the last
   * log lines have been emitted, or had 100 ms each.
   *
   * Never rejects: failures of agents and callbacks appear in the room's log, with the reason. While a workflow is
   * running in the room, a second call logs an error and changes nothing.
   * @param roomId the room; sent to the agents
   * @param userInput sent to StoryAgent
   * @param options for this workflow only
   */
  async executeWorkflow(roomId: string, userInput: string, options?: ExecuteOptions): Promise<void> {
    const lines = this.#lineQueue(roomId);
    if (this.#running.has(roomId)) {
      void lines.write(
        orchestratorError('workflow.refused', 'Workflow refused: another workflow is running in this room'),
      );
      return lines.drain();
    }
    this.#running.add(roomId);
    try {
      const signal = AbortSignal.any(options?.signal ? [options.signal] : []);
      const request = { roomId, userInput, userId: options?.userId ?? roomId, signal };
      const run = createWorkflowRun(this.#deps, request, lines);
      this.#runs.add(run, (id) => this.#running.has(id));
      await runWorkflow(run, this.#callbacks);
    } catch (error) {
      // `signal` is not an AbortSignal, or `now` threw.
      await giveUp(roomId, error, lines, this.#callbacks);
    } finally {
      this.#running.delete(roomId);
    }
  }

  /**
   * The current state of the room's running workflow, or else of its last one in this orchestrator. Null if there was
   * none. The last workflows of 1,000 rooms are kept.
   * @param roomId the room
   * @returns a copy that no longer changes
   */
  getWorkflowState(roomId: string): WorkflowState | null {
    const run = this.#runs.of(roomId);
    return run === undefined ? null : workflowState(run);
  }

  #lineQueue(roomId: string): LineQueue {
    return createLineQueue(({ agentType, level, message, metadata }) =>
      this.#emitLog(roomId, agentType, level, message, metadata ?? undefined),
    );
  }
}

/** Uses the global setTimeout of the moment, so that a user's fake timers work too. The policy keeps `ms` in its range. */
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
