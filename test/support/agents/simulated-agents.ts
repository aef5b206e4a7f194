import fc from 'fast-check';
import { AGENT_NAMES, type AgentName } from '../../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from './scripted-agents.ts';

/** How an agent answers one call, or fails to, at the level of HTTP. */
export type SimulatedAnswer =
  | { type: 'succeeds' }
  | { type: 'streams'; messages: string[] }
  | { type: 'status'; status: number; retryAfterSeconds?: number | undefined }
  | { type: 'disconnects' }
  | { type: 'malformed'; body: string }
  | { type: 'permanentFailure' };

/** Each agent's answers to its first, second … call. After the last of them it succeeds. */
export type Scenario = Record<AgentName, SimulatedAnswer[]>;

export const isSuccess = ({ type }: SimulatedAnswer): boolean => type === 'succeeds' || type === 'streams';
/** A failure after which another attempt is made. */
export const isRetryable = (answer: SimulatedAnswer): boolean =>
  !isSuccess(answer) && answer.type !== 'permanentFailure';

const good = (): fc.Arbitrary<SimulatedAnswer> =>
  fc.oneof(
    fc.constant<SimulatedAnswer>({ type: 'succeeds' }),
    fc.array(fc.string(), { maxLength: 3 }).map((messages): SimulatedAnswer => ({ type: 'streams', messages })),
  );

/** A failure that is retried, without a Retry-After. */
export const retryableFailure = (): fc.Arbitrary<SimulatedAnswer> =>
  fc.oneof(
    fc.constantFrom(302, 400, 404, 429, 500, 503).map((status): SimulatedAnswer => ({ type: 'status', status })),
    fc.constant<SimulatedAnswer>({ type: 'disconnects' }),
    fc
      .constantFrom('', 'not JSON', '[]', 'null', '{}', '{"success":false}')
      .map((body): SimulatedAnswer => ({ type: 'malformed', body })),
  );

const anyAnswer = (): fc.Arbitrary<SimulatedAnswer> =>
  fc.oneof(
    { weight: 3, arbitrary: good() },
    { weight: 3, arbitrary: retryableFailure() },
    { weight: 1, arbitrary: fc.constant<SimulatedAnswer>({ type: 'permanentFailure' }) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 0, max: 100 })
        .map((retryAfterSeconds): SimulatedAnswer => ({ type: 'status', status: 503, retryAfterSeconds })),
    },
  );

/** Any answer to any call. */
export const anyScenario = (): fc.Arbitrary<Scenario> => {
  const calls = () => fc.array(anyAnswer(), { maxLength: 8 });
  return fc.record({ story: calls(), asset: calls(), code: calls(), deploy: calls() });
};

/** Agents that are not named succeed at once. */
export const scenarioOf = (some: Partial<Scenario>): Scenario => ({
  story: [],
  asset: [],
  code: [],
  deploy: [],
  ...some,
});

/** These agents fail more often than any generated retry policy allows. */
export const exhausted = (
  agents: readonly AgentName[],
  answer: SimulatedAnswer = { type: 'status', status: 500 },
): Scenario => scenarioOf(Object.fromEntries(agents.map((agent) => [agent, Array.from({ length: 20 }, () => answer)])));

export const anyAgents = (): fc.Arbitrary<AgentName[]> => fc.subarray([...AGENT_NAMES]);

/** Turns a simulated answer into a Response. @throws when the connection breaks */
export function respond(agent: AgentName, answer: SimulatedAnswer): Response {
  switch (answer.type) {
    case 'succeeds':
      return Response.json(GOOD_ANSWERS[agent]);
    case 'streams': {
      const lines = [...answer.messages.map((log) => ({ log })), { result: GOOD_ANSWERS[agent] }];
      const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
    }
    case 'status': {
      const after = answer.retryAfterSeconds;
      return new Response('busy', {
        status: answer.status,
        headers: after === undefined ? {} : { 'Retry-After': `${after}` },
      });
    }
    case 'disconnects':
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    case 'malformed':
      return new Response(answer.body);
    case 'permanentFailure':
      return Response.json({ error: 'no', retryable: false }, { status: 422 });
  }
}
