import type { AgentName, Workflow } from '../../client/operations.ts';
import { duration, printable, truncate, wrap } from '../text.ts';

/** How a run ended: whether it was a success, and the lines for the user, with links to what was made. */
export type Outcome = { ok: boolean; hasLinks: boolean; lines: string[] };

/** What the agents answered with; null for a step without a result. */
export type Results = Partial<Record<AgentName, Record<string, unknown> | null>>;

const EXCERPT_WIDTH = 280;
const LINE_WIDTH = 78;

/** @param hint how to see the page; null if its URL is enough */
export function outcomeOf(workflow: Workflow, results: Results, hint: string | null): Outcome {
  const ok = workflow.room.status === 'DONE';
  const links = linksTo(workflow, results);
  return {
    ok,
    hasLinks: links.length > 0,
    lines: [
      ending(workflow),
      ...excerpt(results.STORY?.['story']),
      ...links,
      ...(workflow.reward ? [`Reward: ${workflow.reward.amount} HHCW`] : []),
      ...(links.length > 0 && hint !== null ? ['', hint] : []),
    ],
  };
}

function ending({ room, status, createdAt, updatedAt, finishedAt }: Workflow): string {
  if (room.status === 'DONE') {
    return `The room was done in ${duration(Date.parse(finishedAt ?? updatedAt) - Date.parse(createdAt))}.`;
  }
  if (status === 'CANCELLED') return 'The workflow was cancelled.';
  return `The room ended in error: ${printable(room.error ?? 'no reason was given')}`;
}

/** The beginning of the story. */
function excerpt(story: unknown): string[] {
  if (typeof story !== 'string' || story.trim() === '') return [];
  const text = truncate(printable(story.trim()), EXCERPT_WIDTH);
  return ['', ...wrap(text, LINE_WIDTH).map((line) => `  ${line}`), ''];
}

function linksTo({ deployment }: Workflow, results: Results): string[] {
  const picture = results.ASSET?.['imageUrl'];
  return [
    ...(typeof picture === 'string' ? [`Picture: ${printable(picture)}`] : []),
    ...(deployment === null ? [] : [`Page: ${printable(deployment.deploymentUrl)}`]),
  ];
}
