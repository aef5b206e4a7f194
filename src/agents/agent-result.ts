import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { AgentOutcome } from '../orchestrator/ports.ts';
import { agentErrorText } from './agent-error-text.ts';
import { failure } from './failed-attempt.ts';

/** What the next agent, or the user, needs of an answer. */
const NEEDED: Record<AgentName, readonly string[]> = {
  story: ['story'],
  asset: ['imageCid'],
  code: ['code', 'cid'],
  deploy: ['deploymentUrl'],
};

/**
 * Judges an answer with status 200, or a stream's `result`. `success: false` is a refusal from any agent; so is
 * `retryable: false` beside a missing field. A field that is needed must be a string that is not blank; DeployAgent's
 * answer also needs `success: true` and an http or https URL without credentials. Unknown fields are kept.
 */
export function judgeResult(agent: AgentName, result: Record<string, unknown>): AgentOutcome {
  const missing = NEEDED[agent].find((field) => !isText(result[field]));
  const final = result['retryable'] === false;
  if (result['success'] === false || (missing !== undefined && final)) return refusal(result);
  if (missing !== undefined) return bad(`the answer lacks \`${missing}\`${withError(result)}`);
  if (agent === 'deploy') {
    if (result['success'] !== true) return bad('the answer lacks `success: true`');
    if (!isPublicUrl(String(result['deploymentUrl']))) {
      return bad('`deploymentUrl` is not an http or https URL without credentials');
    }
  }
  return { type: 'succeeded', result };
}

/** The agent says no: for good when it adds `retryable: false`. */
export function refusal(body: Record<string, unknown>): AgentOutcome {
  const message = agentErrorText(body) || 'the agent refused, without a reason';
  return { type: 'failed', failure: failure('REFUSED', message, { final: body['retryable'] === false }) };
}

function bad(message: string): AgentOutcome {
  return { type: 'failed', failure: failure('BAD_RESPONSE', message) };
}

function withError(result: Record<string, unknown>): string {
  const said = agentErrorText(result);
  return said === '' ? '' : `: ${said}`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isPublicUrl(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
