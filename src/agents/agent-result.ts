import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import type { AgentName } from '../orchestrator/domain/agents.ts';
import { badResponse } from './failures.ts';
import { isFinal, refusal } from './reported-failures.ts';
import { reasonIn } from './reported-reason.ts';

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
 * DeployAgent must also send `success: true` and an http or https URL without credentials, which is written as the URL
 * parser writes it. Unknown fields are kept.
 * @throws {FailedAttempt} REFUSED or BAD_RESPONSE
 */
export function checkResult(agent: AgentName, result: Record<string, unknown>): AgentResult {
  const missing = REQUIRED_FIELDS[agent].find((field) => !isText(result[field]));
  if (result['success'] === false || (missing !== undefined && isFinal(result))) throw refusal(result);
  if (missing !== undefined) throw badResponse(`the response lacks \`${missing}\`${errorSuffix(result)}`);
  const invalid = CID_FIELDS.find((field) => isText(result[field]) && !isCidLike(String(result[field])));
  if (invalid !== undefined) throw badResponse(`\`${invalid}\` is not a CID`);
  if (agent !== 'deploy') return result;
  if (result['success'] !== true) throw badResponse('the response lacks `success: true`');
  return { ...result, deploymentUrl: publicUrl(String(result['deploymentUrl'])) };
}

function errorSuffix(result: Record<string, unknown>): string {
  const text = reasonIn(result);
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

/** The URL in ASCII: without spaces, quotes, invisible characters and others that a URL must not have raw. */
function publicUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw badResponse('`deploymentUrl` is not an http or https URL without credentials');
  }
  if (url.href.length <= MAX_URL_LENGTH) return url.href;
  throw badResponse(`\`deploymentUrl\` has more than ${MAX_URL_LENGTH} characters`);
}
