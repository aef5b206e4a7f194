import type { AgentName } from '../orchestrator/domain/agents.ts';
import { cleanText } from '../orchestrator/domain/clean-text.ts';
import type { AgentOutcome } from '../orchestrator/ports/agents.ts';
import { failure } from './failures.ts';
import { agentErrorText } from './http-status-failure.ts';

/** What the next agent, or the user, needs of an answer. */
const NEEDED: Record<AgentName, readonly string[]> = {
  story: ['story'],
  asset: ['imageCid'],
  code: ['code', 'cid'],
  deploy: ['deploymentUrl'],
};

/** Names of content, in whichever answer. */
const NAMES = ['cid', 'imageCid'];
const MAX_URL_LENGTH = 2_048;

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
  const odd = NAMES.find((field) => isText(result[field]) && !isName(String(result[field])));
  if (odd !== undefined) return bad(`\`${odd}\` is not a CID`);
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

/**
 * What a CID is made of, and nothing that could be a path, markup or an instruction. Whether one is whole is not
 * asked: agents without IPFS make up names, and only what the service keeps itself is looked up by one.
 */
function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:=+-]{0,255}$/.test(text);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isPublicUrl(text: string): boolean {
  // cleanText would show what cannot be seen, or turns the text round.
  if (text.length > MAX_URL_LENGTH || /\s/.test(text) || cleanText(text) !== text || !URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
