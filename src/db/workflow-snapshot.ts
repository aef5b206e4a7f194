import type { AgentResult, StepResults } from '../orchestrator/domain/agent-input.ts';
import { type AgentName, byAgent } from '../orchestrator/domain/agents.ts';
import type { StepState } from '../orchestrator/domain/chain.ts';
import type { AgentErrorCode } from '../orchestrator/domain/failure.ts';
import type { ChangeTarget, StepLease, WorkflowSnapshot } from '../orchestrator/ports/store.ts';
import type { Sql } from './client.ts';
import { fromRow, workflowColumns } from './columns.ts';
import { isWorkerAlive } from './sql/lease.ts';

type StepRow = {
  agent: AgentName;
  status: StepState['status'];
  attempt: number;
  interruptions: number;
  error: string | null;
  error_code: AgentErrorCode | null;
  is_ready: boolean;
  delay_ms: number;
  waited_ms: number;
  lease_worker_id: string | null;
  lease_number: number;
  is_worker_alive: boolean;
  result: AgentResult | null;
};

/** Reads a workflow with its steps in one statement, without a lock. */
export async function readSnapshot(client: Sql, target: ChangeTarget): Promise<WorkflowSnapshot | null> {
  const { workflowId, viewerId = null, withResults = false } = target;
  const [row] = await client<({ elapsed_ms: number; steps: StepRow[] } & Record<string, unknown>)[]>`
    select workflows.*, its_steps.steps,
      coalesce(round(extract(epoch from clock_timestamp() - started_at) * 1000), 0)::float as elapsed_ms
    from workflows cross join lateral (
      select json_agg(step) as steps from (
        select agent, status, attempt, interruptions, error, error_code, lease_worker_id, lease_number,
          available_at is not null as is_ready,
          coalesce(greatest(0, ceil(extract(epoch from next_attempt_at - clock_timestamp()) * 1000)), 0) as delay_ms,
          coalesce(greatest(0, extract(epoch from clock_timestamp() -
            greatest(workflows.started_at, next_attempt_at, max(finished_at) over ())) * 1000), 0)::float as waited_ms,
          ${isWorkerAlive(client)} as is_worker_alive,
          case when ${withResults}::boolean then result end as result
        from steps left join workers on workers.id = lease_worker_id
        where workflow_id = workflows.id
      ) as step
    ) as its_steps
    where id = ${workflowId} and (${viewerId}::text is null or viewer_id = ${viewerId})`;
  if (row === undefined) return null;

  const workflow = fromRow(workflowColumns, row);
  const steps = byAgent((agent) => {
    const step = row.steps.find((found) => found.agent === agent);
    if (step === undefined) throw new Error(`workflow ${workflowId} has no ${agent} step`);
    return step;
  });
  return {
    workflow,
    chain: { status: workflow.status, steps: byAgent((agent) => toState(steps[agent])) },
    leases: byAgent((agent) => toLease(steps[agent])),
    elapsedMs: row.elapsed_ms,
    results: toResults(row.steps),
  };
}

function toState({ status, attempt, interruptions, error, error_code: code }: StepRow): StepState {
  const failure = code === null || error === null ? null : { code, message: error, final: true };
  return { status, attempt, interruptions, failure };
}

function toLease(step: StepRow): StepLease {
  return {
    isReady: step.is_ready,
    delayMs: step.delay_ms,
    waitedMs: step.waited_ms,
    leaseWorkerId: step.lease_worker_id,
    leaseNumber: step.lease_number,
    isWorkerAlive: step.is_worker_alive,
  };
}

function toResults(steps: readonly StepRow[]): StepResults {
  const results: StepResults = {};
  for (const { agent, result } of steps) if (result !== null) results[agent] = result;
  return results;
}
