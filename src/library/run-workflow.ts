import { cleanText } from '../orchestrator/domain/clean-text.ts';
import type { NewLogLine } from '../orchestrator/domain/log-line.ts';
import * as say from '../orchestrator/domain/log-messages.ts';
import { type FinalStatus, REWARD_AMOUNT, roomStatusAfter } from '../orchestrator/domain/workflow.ts';
import { callBack, type FinalRoomStatus, type RewardUser, reasonOf, type UpdateRoomStatus } from './callbacks.ts';
import { executeAgentWithRetry } from './execute-agent.ts';
import type { LineQueue } from './line-queue.ts';
import { elapsedMs, happened, nextCall, tell, type WorkflowRun } from './workflow-run.ts';

/** What the room's owner is told at the end. */
export type EndCallbacks = { updateRoomStatus: UpdateRoomStatus; rewardUser: RewardUser };

/** How long a callback may take before the workflow goes on without its answer, in ms. */
const CALLBACK_MS = 30_000;

/**
 * Runs a workflow to its end in memory: the chain decides (src/orchestrator/domain/chain.ts, as in the durable
 * service), this performs. Agents that fail for good do not stop it (requirement 12.2, Property 45).
 *
 * Whatever agents and callbacks do, it does not reject; only a clock that throws can make it, before any callback.
 */
export async function runWorkflow(run: WorkflowRun, callbacks: EndCallbacks): Promise<void> {
  const ending = await callAgents(run).catch((error: unknown): FinalStatus => {
    tell(run, workflowBroken(error));
    return 'failed';
  });
  run.currentAgent = null;
  // The agents' lines come before the end's; and an abort counts up to the moment that the end is told.
  await run.lines.drain();
  await finish(run, callbacks, run.signal.aborted ? 'cancelled' : ending);
}

async function callAgents(run: WorkflowRun): Promise<FinalStatus> {
  let call = nextCall(happened(run, { type: 'started' }));
  tell(run, say.workflowStarted('story', null));
  try {
    while (call !== null) call = await executeAgentWithRetry(run, call);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    happened(run, { type: 'cancelled' });
    return 'cancelled';
  }
  return run.chain.status === 'succeeded' ? 'succeeded' : 'failed';
}

/** First the room's status, then the reward, then the lines that tell of both. */
async function finish(
  run: WorkflowRun,
  { updateRoomStatus, rewardUser }: EndCallbacks,
  ending: FinalStatus,
): Promise<void> {
  const status = roomStatusAfter(ending) as FinalRoomStatus;
  const durationMs = elapsedMs(run, run.startedAt);
  const lines: NewLogLine[] = [];
  const unchanged = await callBack(() => updateRoomStatus(run.roomId, status), CALLBACK_MS);
  if (unchanged !== null) lines.push(callbackFailed('updateRoomStatus', `Room not set to ${status}`, unchanged));
  if (ending === 'succeeded') {
    const unpaid = await callBack(() => rewardUser(run.roomId, REWARD_AMOUNT), CALLBACK_MS);
    const paid = say.rewardPaid(REWARD_AMOUNT);
    lines.push(unpaid === null ? paid : callbackFailed('rewardUser', 'Reward not paid', unpaid));
  }
  lines.push(say.workflowFinished(run.chain, ending, durationMs));
  for (const line of lines) tell(run, line);
  await run.lines.drain();
}

/** For a workflow that nothing can be done about: not even beginning it, perhaps. */
export async function giveUp(roomId: string, error: unknown, lines: LineQueue, { updateRoomStatus }: EndCallbacks) {
  await callBack(() => updateRoomStatus(roomId, 'error'), CALLBACK_MS);
  void lines.write(workflowBroken(error));
  await lines.drain();
}

const workflowBroken = (error: unknown) =>
  orchestratorError('workflow.broken', `Workflow cannot go on: ${reasonOf(error)}`);

function callbackFailed(callback: keyof EndCallbacks, what: string, reason: string): NewLogLine {
  return orchestratorError('callback.failed', `${what}: ${reason}`, { callback, error: cleanText(reason) });
}

/** A line that only the library has need of; the others are in the domain's narration. */
export function orchestratorError(event: string, message: string, more: Record<string, unknown> = {}): NewLogLine {
  return { agentType: 'orchestrator', level: 'error', message: cleanText(message), metadata: { event, ...more } };
}
