import { lineAsText } from '../log/line-as-text.ts';
import type { Results } from '../results/use-results.ts';
import { duration } from '../shared/time.ts';
import { agentTitle, stepWord } from '../shared/words.ts';
import type { LogLine, StepState, WorkflowState } from './operations.ts';
import { statusSentence } from './status-sentence.ts';
import { usageDetail, usageWords } from './usage-words.ts';

const MOST_LINES = 300;
const LONGEST_RESULT = 4_000;

/** A run as Markdown. */
export function runAsText(workflow: WorkflowState, lines: readonly LogLine[], results: Results): string {
  const startMs = Date.parse(workflow.createdAt);
  const last = lines.slice(-MOST_LINES);
  return [
    `# ${workflow.userInput}`,
    `${statusSentence(workflow)}. Workflow ${workflow.id}, created ${workflow.createdAt}.`,
    ...(workflow.usage === null ? [] : [`Used: ${usageWords(workflow.usage)}. ${usageDetail(workflow.usage)}`]),
    '## Steps',
    workflow.steps.map(stepAsText).join('\n'),
    `## Log${last.length < lines.length ? `, the last ${last.length} of ${lines.length} lines` : ''}`,
    fenced(last.map((line) => lineAsText(line, startMs, 'relative')).join('\n')),
    ...[...results].flatMap(([step, result]) => [
      `## Result of ${agentTitle(step)}`,
      fenced(shortened(JSON.stringify(result, null, 2))),
    ]),
    '',
  ].join('\n\n');
}

function stepAsText({ agent, status, attempts }: StepState): string {
  const tries = attempts.map(({ number, durationMs, httpStatus, error, finishedAt }) => {
    const took = durationMs === null ? '' : ` after ${duration(durationMs)}`;
    if (error === null) return `  - attempt ${number}: ${finishedAt === null ? 'no answer yet' : `succeeded${took}`}`;
    return `  - attempt ${number}: failed${took}${httpStatus === null ? '' : `, HTTP ${httpStatus}`}: ${error}`;
  });
  return [`- ${agentTitle(agent)}: ${stepWord(status).toLowerCase()}`, ...tries].join('\n');
}

/** Longer than any fence in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

const shortened = (text: string): string =>
  text.length <= LONGEST_RESULT ? text : `${text.slice(0, LONGEST_RESULT)}\n… ${text.length} characters in all`;
