import { untilAborted } from '../agents/until-aborted.ts';
import { cleanFailure, createAgentCall } from '../orchestrator/agent-call.ts';
import { agentInput } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { Decision } from '../orchestrator/domain/chain.ts';
import type { AttemptFailure } from '../orchestrator/domain/failure.ts';
import * as say from '../orchestrator/domain/log-messages.ts';
import type { AgentOutcome } from '../orchestrator/ports/agents.ts';
import { elapsedMs, happened, keepResult, type NextCall, nextCall, tell, type WorkflowRun } from './workflow-run.ts';

/**
 * Makes the attempts of one agent, with the waits that the chain asks for (requirement 12.1, Property 44), until it
 * has succeeded or failed for good.
 * @returns the next agent's first call, whatever became of this one (Property 45); null after the last agent
 * @throws the signal's reason when it aborts: the call in flight is closed, and its outcome is not used
 */
export async function executeAgentWithRetry(run: WorkflowRun, first: NextCall): Promise<NextCall | null> {
  let call: NextCall | null = first;
  run.currentAgent = first.agent;
  while (call?.agent === first.agent) {
    if (call.attempt > 1) await untilAborted(run.deps.sleep(call.delayMs, run.signal), run.signal);
    call = nextCall(await makeAttempt(run, call));
  }
  run.currentAgent = null;
  return call;
}

async function makeAttempt(run: WorkflowRun, { agent, attempt }: NextCall): Promise<Decision[]> {
  // An attempt that is said to have begun is also made.
  run.signal.throwIfAborted();
  const { policy, now } = run.deps;
  happened(run, { type: 'attemptStarted', agent });
  tell(run, say.attemptStarted(agent, attempt, policy.maxAttempts));
  const startedAt = now();
  const input = agentInput(agent, run);
  const outcome = await makeCall(run, agent, input);
  // An answer that comes together with the abort is not used.
  run.signal.throwIfAborted();
  const durationMs = elapsedMs(run, startedAt);
  if (outcome.type === 'failed') return failed(run, agent, attempt, outcome.failure, durationMs);

  keepResult(run, agent, outcome.result);
  const decisions = happened(run, { type: 'attemptSucceeded', agent });
  tell(run, say.stepSucceeded(agent, attempt, durationMs));
  if (decisions.some(({ type }) => type === 'announceDeployment')) {
    const codeCid = typeof input['codeCid'] === 'string' ? input['codeCid'] : null;
    tell(run, say.deploymentCompleted(String(outcome.result['deploymentUrl']), codeCid));
  }
  return decisions;
}

function makeCall(run: WorkflowRun, agent: AgentName, input: Record<string, unknown>): Promise<AgentOutcome> {
  const call = createAgentCall(run.id, agent, input, (line) => run.lines.write(line));
  return run.deps.callAgent(call, run.signal);
}

function failed(
  run: WorkflowRun,
  agent: AgentName,
  attempt: number,
  reported: AttemptFailure,
  durationMs: number,
): Decision[] {
  const failure = cleanFailure(reported);
  const decisions = happened(run, { type: 'attemptFailed', agent, failure });
  const given = decisions.find((decision) => decision.type === 'failStep');
  const again = nextCall(decisions);
  tell(
    run,
    given === undefined
      ? say.attemptFailed(agent, attempt, failure, durationMs, again?.delayMs ?? 0)
      : say.stepFailed(agent, attempt, failure, durationMs, given.next),
  );
  return decisions;
}
