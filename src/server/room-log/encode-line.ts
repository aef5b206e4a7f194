import type { ServerResponse } from 'node:http';
import type { LogLine } from '../../orchestrator/domain/log-line.ts';
import type { RoomLogFormat } from './request.ts';

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

/** Clients whose connection is lost come back after so long, in ms, and not all at once. */
const RETRY_MS = { least: 1_000, spread: 1_000 };

/** Begins server-sent events, at once, so that an EventSource knows that it is connected. */
export function beginEvents(res: ServerResponse): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx would keep events back until it has a buffer full of them.
    'X-Accel-Buffering': 'no',
  });
  res.write(`retry: ${RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread)}\n\n`);
}

/** Shows whoever stands between that the connection is used; until the response is closed. */
export function commentRegularly(res: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => {
    if (!res.writableNeedDrain && !res.writableEnded) res.write(': still here\n\n');
  }, everyMs);
  res.once('close', () => clearInterval(timer));
}
