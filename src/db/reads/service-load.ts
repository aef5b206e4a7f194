import type { ServiceLoad } from '../../orchestrator/ports/agents.ts';
import type { Sql } from '../client.ts';
import { readAgentLoads } from './agent-loads.ts';

/** The unfinished work of all viewers in all processes. Its cost does not grow with history. */
export async function readServiceLoad(client: Sql): Promise<ServiceLoad> {
  const { agents } = await readAgentLoads(client);
  const [workflows] = await client<ServiceLoad['workflows'][]>`
    select (count(*) filter (where status = 'running'))::int as running,
      (count(*) filter (where status = 'queued'))::int as queued
    from workflows where status in ('queued', 'running')`;
  return { agents, workflows: workflows ?? { running: 0, queued: 0 } };
}
