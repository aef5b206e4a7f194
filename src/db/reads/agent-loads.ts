import { type AgentName, byAgent } from '../../orchestrator/domain/agents.ts';
import type { AgentLoads } from '../../orchestrator/ports/agents.ts';
import type { Fragment, Sql } from '../client.ts';
import { isWorkerAlive } from '../sql/lease.ts';

type Row = {
  agent: AgentName;
  running: number;
  waiting: number;
  oldest_waiting_ms: number | null;
  recent_failures: number;
  workers: number;
};

/** What all agents are doing, for all viewers and in all processes. */
export async function readAgentLoads(client: Sql): Promise<AgentLoads> {
  const rows = await client<Row[]>`${agentLoads(client)}`;
  const found = new Map(rows.map((row) => [row.agent, row]));
  const agents = byAgent((agent) => {
    const row = found.get(agent);
    return {
      agent,
      running: row?.running ?? 0,
      waiting: row?.waiting ?? 0,
      oldestWaitingMs: row?.oldest_waiting_ms ?? null,
      recentFailures: row?.recent_failures ?? 0,
    };
  });
  return { agents: Object.values(agents), workers: rows[0]?.workers ?? 0 };
}

/**
 * Reads the index of steps that should be moving and the one of failed attempts, so its cost does not grow with history.
 * A step has been ready since its workflow started, the step before it ended, or its wait ended, whichever was last.
 */
export function agentLoads(client: Sql): Fragment {
  return client`
    with ready as (
      select agent, workflow_id, next_attempt_at, lease_worker_id is not null as is_leased
      from steps
      where available_at is not null
        and (lease_worker_id is not null or next_attempt_at is null or next_attempt_at <= statement_timestamp())
    ), load as (
      select ready.agent,
        (count(*) filter (where is_leased))::int as running,
        (count(*) filter (where not is_leased))::int as waiting,
        extract(epoch from greatest(statement_timestamp() - min(since), interval '0'))::float * 1000 as oldest_waiting_ms
      from ready left join lateral (
        select greatest(workflows.started_at, ready.next_attempt_at,
          (select max(finished_at) from steps as earlier where earlier.workflow_id = ready.workflow_id)) as since
        from workflows where workflows.id = ready.workflow_id and not ready.is_leased
      ) as waiting on true
      group by ready.agent
    ), failures as (
      select agent, count(*)::int as recent_failures from attempts
      where error_code is not null and started_at > statement_timestamp() - interval '10 minutes'
      group by agent
    )
    select agent, running, waiting, oldest_waiting_ms, recent_failures,
      (select count(*)::int from workers where ${isWorkerAlive(client)}) as workers
    from unnest(enum_range(null::agent_name)) as agent
      left join load using (agent) left join failures using (agent)`;
}
