import { logCursor } from '../orchestrator/domain/cursor.ts';
import type { LogLine, NewLogLine } from '../orchestrator/domain/log-line.ts';
import type { Fragment, Sql } from './client.ts';

/** A row source `line (agent_type, level, message, metadata, place)` for an insert; `place` counts from 1. */
export function lineRows(client: Sql, lines: readonly NewLogLine[]): Fragment {
  const batch = lines.map(({ agentType, level, message, metadata }) => ({
    agent_type: agentType,
    level,
    message,
    // As text within the text: unpacking it as JSON would refuse \u0000, which an agent may well send.
    metadata: metadata === null ? null : JSON.stringify(metadata),
  }));
  return client`rows from (
    json_to_recordset(${JSON.stringify(batch)}::json)
      as (agent_type agent_type, level log_level, message text, metadata text)
  ) with ordinality as line (agent_type, level, message, metadata, place)`;
}

/** Lines as they are kept, the last of them at the head of its room's log. */
export function placed(
  lines: readonly NewLogLine[],
  place: { roomId: string; workflowId: string; lastSeq: number; timestamp: Date },
): LogLine[] {
  const { roomId, workflowId, lastSeq, timestamp } = place;
  return lines.map((line, index) => {
    const seq = lastSeq - lines.length + 1 + index;
    return { ...line, id: logCursor(roomId, seq), seq, roomId, workflowId, timestamp };
  });
}
