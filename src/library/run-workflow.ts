import { cleanText } from '../orchestrator/domain/clean-text.ts';
import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import { rewardPaid, workflowFinished, workflowStarted } from '../orchestrator/domain/log-messages.ts';
import { type FinalStatus, REWARD_AMOUNT, roomStatusAfter } from '../orchestrator/domain/workflow.ts';
import { callBack, type FinalRoomStatus, type RewardUser, reasonOf, type UpdateRoomStatus } from './callbacks.ts';
import { executeAgentWithRetry } from './execute-agent.ts';
import type { LineQueue } from './line-queue.ts';
import { applyEvent, elapsedMs, nextCall, type WorkflowRun, writeLine } from './workflow-run.ts';

/** The callbacks at the end of a workflow. */
export type EndCallbacks = { updateRoomStatus: UpdateRoomStatus; rewardUser: RewardUser };

/** How long the workflow waits for a callback, in ms. */
const CALLBACK_TIMEOUT_MS = 30_000;

/**
 * Runs a workflow to its end in memory. As in the durable service, `src/orchestrator/domain/chain.ts` decides what
 * happens next; this carries it out. Agents that fail permanently do not stop it.
 *
 * It does not reject whatever agents and callbacks do. Only a `now` that throws makes it reject, before any callback.
 */
export async function runWorkflow(run: WorkflowRun, callbacks: EndCallbacks): Promise<void> {
  const ending = await callAgents(run).catch((error: unknown): FinalStatus => {
    writeLine(run, workflowBroken(error));
    return 'failed';
  });
  run.currentAgent = null;
  // The agents' lines come first. An abort counts until the room's status is set.
  await run.lines.drain();
  await finish(run, callbacks, run.signal.aborted ? 'cancelled' : ending);
}

async function callAgents(run: WorkflowRun): Promise<FinalStatus> {
  let call = nextCall(applyEvent(run, { type: 'started' }));
  writeLine(run, workflowStarted('story', null));
  try {
    while (call !== null) call = await executeAgentWithRetry(run, call);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    applyEvent(run, { type: 'cancelled' });
    return 'cancelled';
  }
  return run.chain.status === 'succeeded' ? 'succeeded' : 'failed';
}

/** First the room's status, then the reward, then the lines that report both. */
async function finish(
  run: WorkflowRun,
  { updateRoomStatus, rewardUser }: EndCallbacks,
  ending: FinalStatus,
): Promise<void> {
  const status = roomStatusAfter(ending) as FinalRoomStatus;
  const durationMs = elapsedMs(run, run.startedAt);
  const lines: NewLogLine[] = [];
  const statusFailure = await callBack(() => updateRoomStatus(run.roomId, status), CALLBACK_TIMEOUT_MS);
  if (statusFailure !== null)
    lines.push(callbackFailed('updateRoomStatus', `Room status not set to ${status}`, statusFailure));
  if (ending === 'succeeded') {
    const rewardFailure = await callBack(() => rewardUser(run.roomId, REWARD_AMOUNT), CALLBACK_TIMEOUT_MS);
    lines.push(
      rewardFailure === null
        ? rewardPaid(REWARD_AMOUNT)
        : callbackFailed('rewardUser', 'Reward not paid', rewardFailure),
    );
  }
  lines.push(workflowFinished(run.chain, ending, durationMs));
  for (const line of lines) writeLine(run, line);
  await run.lines.drain();
}

/** Ends a workflow that could not even begin, or whose clock failed. */
export async function giveUp(roomId: string, error: unknown, lines: LineQueue, { updateRoomStatus }: EndCallbacks) {
  await callBack(() => updateRoomStatus(roomId, 'error'), CALLBACK_TIMEOUT_MS);
  void lines.write(workflowBroken(error));
  await lines.drain();
}

const workflowBroken = (error: unknown) =>
  orchestratorError('workflow.broken', `Workflow cannot continue: ${reasonOf(error)}`);

function callbackFailed(callback: keyof EndCallbacks, what: string, reason: string): NewLogLine {
  return orchestratorError('callback.failed', `${what}: ${reason}`, { callback, error: cleanText(reason) });
}

/** A line that only the library writes. The others are in `src/orchestrator/domain/log-messages.ts`. */
export function orchestratorError(event: string, message: string, more: Record<string, unknown> = {}): NewLogLine {
  return { agentType: 'orchestrator', level: 'error', message: cleanText(message), metadata: { event, ...more } };
}
