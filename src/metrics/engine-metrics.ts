import { Counter, Histogram, type Registry } from '@prometheus-io/client';
import { AGENT_NAMES } from '../orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES } from '../orchestrator/domain/failure.ts';
import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { EngineObserver } from '../orchestrator/ports/observer.ts';

/** From an agent that answers at once to one that needs its whole limit, in seconds. */
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const WAIT_BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const STATEMENT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export type EngineMetrics = {
  observer: EngineObserver;
  /** Counts what lines say that this process has just committed. */
  lines(lines: readonly LogLine[]): void;
  /** Measures a statement that appends lines. */
  timeAppend<T>(append: () => Promise<T>): Promise<T>;
};

/** What this process does with workflows. The orchestrator's own log lines tell most of it. */
export function createEngineMetrics(registry: Registry): EngineMetrics {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter<T>({ name: `hauntedai_${name}`, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, buckets: number[], labelNames: readonly T[] = []) =>
    new Histogram<T>({ name: `hauntedai_${name}`, help, labelNames, buckets, registers });

  const workflows = counter('workflows_total', 'Workflows that ended.', ['outcome']);
  const workflowSeconds = histogram('workflow_duration_seconds', 'From start to end of a workflow.', CALL_BUCKETS);
  const steps = counter('steps_total', 'Steps that ended.', ['agent', 'outcome']);
  const attempts = counter('attempts_total', 'Attempts that ended.', ['agent', 'outcome', 'error_code']);
  const attemptSeconds = histogram('attempt_duration_seconds', 'Duration of an attempt.', CALL_BUCKETS, ['agent']);
  const waitSeconds = histogram(
    'step_wait_seconds',
    'How long a step waited: for a worker or slot (queue), for the limit of running workflows (limit), or between two attempts (backoff).',
    WAIT_BUCKETS,
    ['agent', 'cause'],
  );
  const takeovers = counter('takeovers_total', 'Calls repeated because their worker died.');
  const leasesLost = counter('lease_lost_total', 'Calls aborted because their lease was lost, or may have been.');
  const repairs = counter('reconciler_repairs_total', 'What should have been moving and was not.', ['kind']);
  const logLines = counter('log_lines_total', 'Log lines written.', ['level']);
  const appendSeconds = histogram(
    'log_append_seconds',
    'Until a batch of an agent’s lines was committed.',
    STATEMENT_BUCKETS,
  );
  const tokens = counter('model_tokens_total', 'Tokens that agents report.', ['agent', 'kind']);
  const cost = counter('model_cost_usd_total', 'Cost that agents report, in US dollars.', ['agent', 'useful']);

  // A series that begins with its first event hides that event: a rate needs a value before it.
  for (const agent of AGENT_NAMES) {
    attempts.inc({ agent, outcome: 'succeeded', error_code: '' }, 0);
    for (const code of AGENT_ERROR_CODES) attempts.inc({ agent, outcome: 'failed', error_code: code }, 0);
    for (const outcome of ['succeeded', 'failed']) steps.inc({ agent, outcome }, 0);
  }
  for (const outcome of ['succeeded', 'failed', 'cancelled']) workflows.inc({ outcome }, 0);
  for (const kind of ['dispatch', 'promotion']) repairs.inc({ kind }, 0);

  const wait: EngineObserver['waited'] = (agent, cause, ms) => waitSeconds.observe({ agent, cause }, ms / 1_000);

  function count({ metadata }: LogLine): void {
    const { event, agent, status, errorCode, durationMs, delayMs, reason } = metadata ?? {};
    const ofAgent = { agent: String(agent) };
    const ended = (outcome: 'succeeded' | 'failed') => {
      attempts.inc({ ...ofAgent, outcome, error_code: outcome === 'failed' ? String(errorCode) : '' });
      if (typeof durationMs === 'number') attemptSeconds.observe(ofAgent, durationMs / 1_000);
    };
    switch (event) {
      case 'attempt.resumed':
        if (reason === 'interrupted') takeovers.inc();
        break;
      case 'attempt.failed':
        ended('failed');
        waitSeconds.observe({ ...ofAgent, cause: 'backoff' }, Number(delayMs) / 1_000);
        break;
      case 'step.succeeded':
      case 'step.failed': {
        const outcome = event === 'step.failed' ? 'failed' : 'succeeded';
        ended(outcome);
        steps.inc({ ...ofAgent, outcome });
        break;
      }
      case 'workflow.finished':
        workflows.inc({ outcome: String(status) });
        workflowSeconds.observe(Number(durationMs) / 1_000);
        break;
    }
  }

  return {
    observer: {
      waited: wait,
      leaseLost: () => leasesLost.inc(),
      repaired: (kind, number) => repairs.inc({ kind }, number),
      used(agent, { inputTokens, outputTokens, costUsd }, isUseful) {
        if (inputTokens !== null) tokens.inc({ agent, kind: 'input' }, inputTokens);
        if (outputTokens !== null) tokens.inc({ agent, kind: 'output' }, outputTokens);
        if (costUsd !== null) cost.inc({ agent, useful: String(isUseful) }, costUsd);
      },
    },
    lines(lines) {
      for (const line of lines) {
        logLines.inc({ level: line.level });
        if (line.agentType === 'orchestrator') count(line);
      }
    },
    async timeAppend(append) {
      const end = appendSeconds.startTimer();
      try {
        return await append();
      } finally {
        end();
      }
    },
  };
}
