import type { Workflow } from './operations.ts';
import { duration, printable } from './text.ts';

/** How a run ended: what to tell the user, and whether it counts as a success. */
export type Outcome = { ok: boolean; lines: string[] };

/** @param pageHint how to see the page once the demo has gone; null: its URL is enough */
export function outcomeOf(workflow: Workflow, pageHint: string | null): Outcome {
  const ok = workflow.room.status === 'DONE';
  const url = workflow.deployment?.deploymentUrl;
  const took = duration(Date.parse(workflow.finishedAt ?? workflow.updatedAt) - Date.parse(workflow.createdAt));
  const lines = [];
  if (ok) lines.push(`The room is done, after ${took}.`);
  else if (workflow.status === 'CANCELLED') lines.push('The room was cancelled.');
  else lines.push(`The room is in error: ${printable(workflow.room.error ?? 'no reason was given')}`);
  if (url !== undefined) lines.push(`Deployment: ${printable(url)}`);
  if (workflow.reward) lines.push(`Reward: ${workflow.reward.amount} HHCW`);
  if (url !== undefined && pageHint !== null) lines.push(pageHint);
  return { ok, lines };
}
