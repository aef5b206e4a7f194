import type { LogLine } from '../../orchestrator/domain/log-line.ts';
import type { RoomLogFormat } from './parse-request.ts';

/**
 * Encodes a line as the API's AgentLog in JSON, ready to be sent. The hub gives the same object to all live watchers of
 * a room, so each line is encoded once.
 */
export function createLineEncoder(format: RoomLogFormat): (line: LogLine) => Buffer {
  const encoded = new WeakMap<LogLine, Buffer>();
  return (line) => {
    const bytes = encoded.get(line) ?? Buffer.from(encode(format, line));
    encoded.set(line, bytes);
    return bytes;
  };
}

function encode(format: RoomLogFormat, line: LogLine): string {
  const json = toJson(line);
  // JSON has no line breaks, and an id only letters, digits, - and _.
  return format === 'events' ? `id: ${line.id}\ndata: ${json}\n\n` : `${json}\n`;
}

function toJson({ id, seq, timestamp, agentType, level, message, metadata, workflowId }: LogLine): string {
  // `satisfies` makes the compiler report a field of a line that is missing here.
  return JSON.stringify({
    id,
    seq,
    timestamp,
    agentType: agentType.toUpperCase(),
    level: level.toUpperCase(),
    message,
    metadata,
    workflowId,
  } satisfies Record<Exclude<keyof LogLine, 'roomId'>, unknown>);
}
