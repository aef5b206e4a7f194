import { cleanFailure, createAgentCall } from '../orchestrator/agent-call.ts';
import { agentInput, announcedDeployment } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { ChainEvent, Decision } from '../orchestrator/domain/chain.ts';
import { type EventDetails, eventLines } from '../orchestrator/domain/event-lines.ts';
import type { AgentOutcome } from '../orchestrator/ports/call-agent.ts';
import { untilAborted } from '../orchestrator/until-aborted.ts';
import {
  applyEvent,
  elapsedMs,
  keepResult,
  type NextCall,
  nextCall,
  type WorkflowRun,
  writeLine,
} from './workflow-run.ts';

/**
 * Makes the attempts of one agent, with the delays that the chain decides on, until the
 * agent has succeeded or failed permanently.
 * @returns the next agent's first call, however this agent ended; null after the last agent
 * @throws the signal's reason when it aborts. The call in flight is closed, and its outcome is not used.
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

async function makeAttempt(run: WorkflowRun, { agent }: NextCall): Promise<Decision[]> {
  // An attempt that the log shows as started is also made.
  run.signal.throwIfAborted();
  record(run, { type: 'attemptStarted', agent });
  const startedAt = run.deps.now();
  const input = agentInput(agent, run);
  const outcome = await makeCall(run, agent, input);
  // A response that arrives together with the abort is not used.
  run.signal.throwIfAborted();
  const durationMs = elapsedMs(run, startedAt);
  if (outcome.type === 'failed') {
    return record(run, { type: 'attemptFailed', agent, failure: cleanFailure(outcome.failure) }, () => ({
      durationMs,
    }));
  }
  keepResult(run, agent, outcome.result);
  return record(run, { type: 'attemptSucceeded', agent }, (decisions) => ({
    durationMs,
    deployment: announcedDeployment(decisions, input, outcome.result),
  }));
}

/** Applies an event to the chain and writes its lines to the room's log. */
function record(
  run: WorkflowRun,
  event: ChainEvent,
  detailsOf: (decisions: readonly Decision[]) => Omit<EventDetails, 'maxAttempts'> = () => ({}),
): Decision[] {
  const decisions = applyEvent(run, event);
  const details = { maxAttempts: run.deps.policy.maxAttempts, ...detailsOf(decisions) };
  for (const line of eventLines(event, { state: run.chain, decisions }, details)) writeLine(run, line);
  return decisions;
}

function makeCall(run: WorkflowRun, agent: AgentName, input: Record<string, unknown>): Promise<AgentOutcome> {
  const call = createAgentCall(run.id, agent, input, { write: (line) => run.lines.write(line) });
  return run.deps.callAgent(call, run.signal);
}
