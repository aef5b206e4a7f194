import { inspect } from 'node:util';
import type { AgentType } from '../orchestrator/domain/agents.ts';
import type { LogLevel, LogMetadata } from '../orchestrator/domain/log-line.ts';

/** A log line as published on `room:{roomId}:logs`: a JSON object with exactly these fields. */
export type AgentLog = {
  /** When the line was emitted: ISO 8601, UTC, with milliseconds. */
  timestamp: string;
  /** Who wrote the line. */
  agentType: AgentType;
  /** The line's severity. */
  level: LogLevel;
  /** Text for people. */
  message: string;
  /** Data for programs; null when there is none. */
  metadata: LogMetadata | null;
};

/** The line as JSON. Values that JSON cannot represent become text: a BigInt its digits, an Error its name and message. */
export function encodeAgentLog(log: Omit<AgentLog, 'timestamp' | 'metadata'> & { metadata: unknown }): string {
  const { agentType, level, metadata } = log;
  const line = { timestamp: new Date().toISOString(), agentType, level, message: textOf(log.message) };
  try {
    return JSON.stringify({ ...line, metadata: objectOrNull(metadata) }, plain);
  } catch {
    // Circular references, or getters that throw: what a debugger would show.
    return JSON.stringify({ ...line, metadata: { text: inspect(metadata, { customInspect: false }) } });
  }
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : inspect(message, { customInspect: false });
}

function objectOrNull(metadata: unknown): unknown {
  if (metadata === undefined || metadata === null) return null;
  const isObject = typeof metadata === 'object' && !Array.isArray(metadata) && !(metadata instanceof Error);
  return isObject ? metadata : { value: metadata };
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Error ? { ...value, name: value.name, message: value.message } : value;
}
