import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import { cleanText } from '../orchestrator/domain/clean-text.ts';
import { badResponse } from './failures.ts';
import { agentErrorText, refusal } from './reported-failures.ts';

/** The fields that the next agent, or the user, needs. */
const REQUIRED_FIELDS: Record<AgentName, readonly string[]> = {
  story: ['story'],
  asset: ['imageCid'],
  code: ['code', 'cid'],
  deploy: ['deploymentUrl'],
};

/** Fields that name content, from whichever agent. */
const CID_FIELDS = ['cid', 'imageCid'];
const MAX_URL_LENGTH = 2_048;

/**
 * Checks what an agent sent with status 200, or as a stream's `result`. `success: false` is a refusal from any agent; so
 * is `retryable: false` when a required field is missing. A required field must be a string that is not blank;
 * DeployAgent must also send `success: true` and an http or https URL without credentials. Unknown fields are kept.
 * @throws {FailedAttempt} REFUSED or BAD_RESPONSE
 */
export function checkResult(agent: AgentName, result: Record<string, unknown>): AgentResult {
  const missing = REQUIRED_FIELDS[agent].find((field) => !isText(result[field]));
  const isFinal = result['retryable'] === false;
  if (result['success'] === false || (missing !== undefined && isFinal)) throw refusal(result);
  if (missing !== undefined) throw badResponse(`the response lacks \`${missing}\`${errorSuffix(result)}`);
  const invalid = CID_FIELDS.find((field) => isText(result[field]) && !isCidLike(String(result[field])));
  if (invalid !== undefined) throw badResponse(`\`${invalid}\` is not a CID`);
  if (agent === 'deploy') {
    if (result['success'] !== true) throw badResponse('the response lacks `success: true`');
    if (!isPublicUrl(String(result['deploymentUrl']))) {
      throw badResponse('`deploymentUrl` is not an http or https URL without credentials');
    }
  }
  return result;
}

function errorSuffix(result: Record<string, unknown>): string {
  const text = agentErrorText(result);
  return text === '' ? '' : `: ${text}`;
}

/**
 * Allows the characters of a CID, and nothing that could be a path, markup or an instruction. It need not be a valid CID:
 * agents without IPFS make up names, and only content that the service stores itself is looked up by one.
 */
function isCidLike(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:=+-]{0,255}$/.test(text);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isPublicUrl(text: string): boolean {
  // cleanText changes a text with invisible characters, or with ones that reverse its direction.
  if (text.length > MAX_URL_LENGTH || /\s/.test(text) || cleanText(text) !== text || !URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
