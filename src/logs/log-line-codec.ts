import { AGENT_TYPES, type AgentType } from '../orchestrator/domain/agents.ts';
import {
  LOG_LEVELS,
  type LogLevel,
  type LogLine,
  type LogMetadata,
  logChannel,
} from '../orchestrator/domain/log-line.ts';
import type { PublishLines } from '../orchestrator/ports/log.ts';

/** Publishes each line on its room's channel, in the order given. To be called after commit. */
export function createPublishLines(publish: (channel: string, message: unknown) => void): PublishLines {
  return (lines) => {
    for (const line of lines) publish(logChannel(line.roomId), encodeLogLine(line));
  };
}

/** A line as it travels on its room's channel, which names the room. */
export type EncodedLogLine = Omit<LogLine, 'roomId' | 'timestamp'> & { timestamp: string };

export function encodeLogLine({
  id,
  seq,
  workflowId,
  timestamp,
  agentType,
  level,
  message,
  metadata,
}: LogLine): EncodedLogLine {
  return { id, seq, workflowId, timestamp: timestamp.toISOString(), agentType, level, message, metadata };
}

/**
 * The line that a message holds, or null for anything else: others publish on these channels too, without `id` and
 * `seq`. To ignore a message is always safe, since a line not heard is read from Postgres.
 */
export function decodeLogLine(roomId: string, wire: unknown): LogLine | null {
  if (!isRecord(wire)) return null;
  const { id, seq, workflowId, timestamp, agentType, level, message, metadata = null } = wire;
  if (typeof id !== 'string' || !isPlace(seq) || typeof workflowId !== 'string') return null;
  if (typeof timestamp !== 'string' || typeof message !== 'string') return null;
  if (!isAgentType(agentType) || !isLogLevel(level) || !(metadata === null || isRecord(metadata))) return null;
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return null;
  return { id, seq, roomId, workflowId, timestamp: time, agentType, level, message, metadata };
}

function isRecord(value: unknown): value is LogMetadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isAgentType(value: unknown): value is AgentType {
  return (AGENT_TYPES as readonly unknown[]).includes(value);
}

function isLogLevel(value: unknown): value is LogLevel {
  return (LOG_LEVELS as readonly unknown[]).includes(value);
}
