import { agentTitle } from '../shared/words.ts';
import type { StepState } from './operations.ts';

export type Explanation = { sentence: string; advice: string };

/** Why a step failed and what to do about it, for someone who has not read the documentation. */
export function explainFailure({ agent, errorCode, attempts }: StepState): Explanation {
  const title = agentTitle(agent);
  const status = attempts.at(-1)?.httpStatus;
  const tries = attempts.length > 1 ? `, ${attempts.length} times in a row` : '';
  switch (errorCode) {
    case 'TIMEOUT':
      return {
        sentence: `${title} gave no complete answer in time${tries}.`,
        advice: `Retry from ${title}. If it happens again, it hangs or needs longer: raise ${agent}_AGENT_TIMEOUT_MS.`,
      };
    case 'CONNECTION':
      return {
        sentence: `${title} could not be reached${tries}.`,
        advice: `Check that it runs and that ${agent}_AGENT_URL is right, then retry from ${title}.`,
      };
    case 'HTTP_STATUS':
      return {
        sentence: `${title} answered with an error${status == null ? '' : ` (HTTP ${status})`}${tries}.`,
        advice: httpAdvice(status ?? 500, title),
      };
    case 'BAD_RESPONSE':
      return {
        sentence: `${title} answered something that cannot be used${tries}.`,
        advice: 'The detail below says what is missing. Fix the agent, then retry.',
      };
    case 'REFUSED':
      return {
        sentence: `${title} refused to do this.`,
        advice: 'Its reason is below. Another idea may work.',
      };
    case 'INTERRUPTED':
      return {
        sentence: `The process that called ${title} died repeatedly.`,
        advice: 'The server log says why. Look there first, then retry.',
      };
    case 'BUDGET':
      return {
        sentence: `${title} was not called: this run has cost as much as one run may.`,
        advice: 'The operator can raise MAX_COST_USD_PER_WORKFLOW. A new run begins with nothing spent.',
      };
    default:
      return { sentence: `${title} failed${tries}.`, advice: `Retry from ${title}.` };
  }
}

function httpAdvice(status: number, title: string): string {
  if (status === 408 || status === 429) return `It has too much to do. Retry from ${title} in a while.`;
  if (status === 401 || status === 403)
    return 'It does not let this service in. Check the user and password in its URL.';
  if (status >= 500) return `It is overloaded or broken. Retry from ${title} in a while.`;
  return 'Its answer below says what it did not accept.';
}
