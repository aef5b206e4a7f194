import { AGENT_TYPES, type AgentType } from '../orchestrator/domain/agents.ts';
import { LOG_LEVELS, type LogLevel, type LogLine, type LogMetadata } from '../orchestrator/domain/log-line.ts';

/** A line as it is published. The channel names the room. */
export type EncodedLogLine = Omit<LogLine, 'roomId' | 'timestamp'> & { timestamp: string };

export function encodeLogLine(line: LogLine): EncodedLogLine {
  const { id, seq, workflowId, timestamp, agentType, level, message, metadata } = line;
  return { id, seq, workflowId, timestamp: timestamp.toISOString(), agentType, level, message, metadata };
}

/**
 * Decodes a published line. Returns null for anything else: the library also publishes on these channels, lines without
 * `id` and `seq`. Ignoring a message is always safe, because a line that was not received is read from Postgres.
 */
export function decodeLogLine(roomId: string, encoded: unknown): LogLine | null {
  if (!isRecord(encoded)) return null;
  const { id, seq, workflowId, timestamp, agentType, level, message, metadata = null } = encoded;
  if (typeof id !== 'string' || !isSeq(seq) || typeof workflowId !== 'string') return null;
  if (typeof timestamp !== 'string' || typeof message !== 'string') return null;
  if (!isAgentType(agentType) || !isLogLevel(level) || !(metadata === null || isRecord(metadata))) return null;
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return null;
  return { id, seq, roomId, workflowId, timestamp: time, agentType, level, message, metadata };
}

function isRecord(value: unknown): value is LogMetadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isAgentType(value: unknown): value is AgentType {
  return (AGENT_TYPES as readonly unknown[]).includes(value);
}

function isLogLevel(value: unknown): value is LogLevel {
  return (LOG_LEVELS as readonly unknown[]).includes(value);
}
