import { logCursor } from '../../orchestrator/domain/cursor.ts';
import type { LogLine, NewLogLine } from '../../orchestrator/domain/log-line.ts';
import type { Fragment, Sql } from '../client.ts';

/**
 * Two parts of a `with` that append lines: `head` raises each log's `last_seq`, and `written` inserts the lines up to
 * it. They read from a part named `target`, with one row per log: (log, room_id, workflow_id, lines_before, line_count,
 * now), where `log` is an index into `logs`, and `lines_before` counts the lines of the logs before it.
 *
 * The head's row stays locked until the commit, so commit order is `seq` order, without gaps. It is always the last lock
 * of a transaction.
 * @param afterSeq the head that is expected; nothing is written at another.
 */
export function appendParts(client: Sql, logs: readonly (readonly NewLogLine[])[], afterSeq?: number): Fragment {
  return client`
    head as (
      insert into room_log_heads (room_id, last_seq) select room_id, line_count from target
      on conflict (room_id) do update set last_seq = room_log_heads.last_seq + excluded.last_seq
        ${afterSeq === undefined ? client`` : client`where room_log_heads.last_seq = ${afterSeq}`}
      returning room_id, last_seq
    ),
    written as (
      insert into log_lines (room_id, seq, workflow_id, timestamp, agent_type, level, message, metadata)
      select target.room_id, last_seq - line_count + number - lines_before, workflow_id, now,
        agent_type, level, message, metadata::json
      from target join head on head.room_id = target.room_id join ${lineRows(client, logs)} on line.log = target.log
    )`;
}

/** A row source `line (log, agent_type, level, message, metadata, number)`; `number` counts all lines from 1. */
export function lineRows(client: Sql, logs: readonly (readonly NewLogLine[])[]): Fragment {
  const rows = logs.flatMap((lines, log) =>
    lines.map(({ agentType, level, message, metadata }) => ({
      log,
      agent_type: agentType,
      level,
      message,
      // A JSON text inside the JSON text: if Postgres unpacked it here, it would refuse \u0000, which agents may send.
      metadata: metadata === null ? null : JSON.stringify(metadata),
    })),
  );
  return client`rows from (
    json_to_recordset(${JSON.stringify(rows)}::json)
      as (log int, agent_type agent_type, level log_level, message text, metadata text)
  ) with ordinality as line (log, agent_type, level, message, metadata, number)`;
}

/** One row of what appending returns. */
export type AppendedRow = { last_seq: string; now: string };

/** The lines as they are stored; the last one is the head of its room's log. */
export function storedLines(
  lines: readonly NewLogLine[],
  { roomId, workflowId }: { roomId: string; workflowId: string },
  row: AppendedRow,
): LogLine[] {
  const firstSeq = Number(row.last_seq) - lines.length + 1;
  const timestamp = new Date(row.now);
  return lines.map((line, index) => {
    const seq = firstSeq + index;
    return { ...line, id: logCursor(roomId, seq), seq, roomId, workflowId, timestamp };
  });
}
