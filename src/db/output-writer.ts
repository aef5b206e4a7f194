import type { OutputPiece } from '../orchestrator/domain/step-output.ts';
import type { SaveOutput } from '../orchestrator/ports/output.ts';
import type { Lease } from '../orchestrator/ports/store.ts';
import { createBatcher } from './batcher.ts';
import type { Db, Sql } from './client.ts';
import { isLeaseHeld } from './sql/lease.ts';
import { retried } from './transaction.ts';

/** What one attempt saves at once. */
type Save = { lease: Lease; attempt: number; pieces: readonly OutputPiece[] };

/** UTF-16 units of one statement. */
const MAX_UNITS = 1024 * 1024;
const TIMEOUT_MS = 1_000;

/**
 * Attempts that save text at the same time share a statement. A save that the statement leaves out, because the step is
 * locked or the lease is lost, is made by itself.
 * @see {@link SaveOutput}
 */
export function createOutputWriter(db: Db): SaveOutput {
  const client = db.$client;
  const saveSingly = async (save: Save) => {
    const [isSaved] = await retried(() => savePieces(client, [save], 'wait'));
    return isSaved === true;
  };
  const addToBatch = createBatcher<{ save: Save; settle: (isSaved: boolean) => void }>(
    async (items) => {
      const saves = items.map(({ save }) => save);
      // If it failed, or its answer was lost, each is saved again by itself.
      const saved = await savePieces(client, saves, 'skip').catch(() => []);
      for (const [index, { settle }] of items.entries()) settle(saved[index] ?? false);
    },
    { concurrency: 1, maxWeight: MAX_UNITS, timeoutMs: TIMEOUT_MS },
  );
  return async (lease, attempt, pieces, isLast) => {
    const save = { lease, attempt, pieces };
    if (isLast) return await saveSingly(save);
    const units = pieces.reduce((sum, { text }) => sum + text.length, 0);
    const isSaved = await new Promise<boolean>((settle) => addToBatch({ save, settle }, units));
    return isSaved || (await saveSingly(save));
  };
}

/**
 * Saves the pieces of several attempts in one statement. A row is at a piece's offset, or has the piece already, or is of
 * an earlier call: then the text begins anew.
 * @param locked what happens to pieces of a step that is locked: they `wait`, or they are left out.
 * @returns for each attempt whether it was saved.
 */
async function savePieces(client: Sql, saves: readonly Save[], locked: 'wait' | 'skip'): Promise<boolean[]> {
  const rows = saves.flatMap(({ lease, attempt, pieces }, index) =>
    pieces.map(({ channel, offset, text }) => ({
      index,
      workflow_id: lease.workflowId,
      agent: lease.agent,
      worker_id: lease.workerId,
      lease_number: lease.number,
      attempt,
      channel,
      text,
      length: offset + text.length,
    })),
  );
  const lease = {
    workflowId: client`piece.workflow_id`,
    agent: client`piece.agent`,
    workerId: client`piece.worker_id`,
    number: client`piece.lease_number`,
  };
  const saved = await client<{ index: number }[]>`
    with allowed as (
      select piece.* from json_to_recordset(${JSON.stringify(rows)}::json) as piece (
        index int, workflow_id uuid, agent agent_name, worker_id uuid, lease_number int, attempt int, channel text,
        text text, length int)
      join steps on ${isLeaseHeld(client, lease)}
      for share of steps ${locked === 'skip' ? client`skip locked` : client``}
    ),
    saved as (
      insert into step_outputs as output (workflow_id, agent, channel, attempt, lease_number, text, length)
      select workflow_id, agent, channel, attempt, lease_number, text, length from allowed
      on conflict (workflow_id, agent, channel) do update set
        attempt = excluded.attempt,
        lease_number = excluded.lease_number,
        text = case
          when output.lease_number <> excluded.lease_number then excluded.text
          when output.length < excluded.length then output.text || excluded.text
          else output.text end,
        length = case
          when output.lease_number <> excluded.lease_number then excluded.length
          else greatest(output.length, excluded.length) end
    )
    select distinct index from allowed`;
  const indexes = new Set(saved.map(({ index }) => index));
  return saves.map((_save, index) => indexes.has(index));
}
