import { AGENT_NAMES, type AgentName } from '../../orchestrator/domain/agents.ts';
import { type OutputPiece, outputChannel } from '../../orchestrator/domain/step-output.ts';
import type { PublishedOutput, PublishOutput } from '../../orchestrator/ports/output.ts';

/** Publishes saved pieces on their room's channel. */
export function createPublishOutput(publish: (channel: string, message: unknown) => void): PublishOutput {
  return (roomId, output) => publish(outputChannel(roomId, output), output);
}

/** Decodes what was published. Returns null for anything else, which is safe: what was not received is read from Postgres. */
export function decodeOutput(message: unknown): PublishedOutput | null {
  if (!isRecord(message)) return null;
  const { workflowId, agent, attempt, call, pieces } = message;
  if (typeof workflowId !== 'string' || !isAgent(agent) || !isCount(attempt) || !isCount(call)) return null;
  if (!Array.isArray(pieces) || !pieces.every(isPiece)) return null;
  return { workflowId, agent, attempt, call, pieces };
}

function isPiece(piece: unknown): piece is OutputPiece {
  if (!isRecord(piece)) return false;
  const { channel, offset, text } = piece;
  return typeof channel === 'string' && isCount(offset) && typeof text === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isAgent(value: unknown): value is AgentName {
  return (AGENT_NAMES as readonly unknown[]).includes(value);
}
