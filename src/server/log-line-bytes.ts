import type { LogLine } from '../orchestrator/domain/log-line.ts';
import type { RoomLogFormat } from './room-log-request.ts';

/**
 * A line as the API's AgentLog in JSON, ready to be sent. All who watch a room live are given the same object by the
 * hub, so it is made once for them.
 */
export const createLineBytes = (format: RoomLogFormat): ((line: LogLine) => Buffer) => {
  const made = new WeakMap<LogLine, Buffer>();
  return (line) => {
    const bytes = made.get(line) ?? Buffer.from(framed(format, line));
    made.set(line, bytes);
    return bytes;
  };
};

function framed(format: RoomLogFormat, line: LogLine): string {
  const json = toJson(line);
  // JSON holds no line break, and an id nothing but letters, digits, - and _.
  return format === 'events' ? `id: ${line.id}\ndata: ${json}\n\n` : `${json}\n`;
}

function toJson({ id, seq, timestamp, agentType, level, message, metadata, workflowId }: LogLine): string {
  return JSON.stringify({
    ...{ id, seq, timestamp, agentType: agentType.toUpperCase(), level: level.toUpperCase() },
    ...{ message, metadata, workflowId },
  });
}
