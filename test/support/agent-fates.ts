import fc from 'fast-check';
import { AGENT_NAMES, type AgentName } from '../../src/orchestrator/domain/agents.ts';
import { GOOD_ANSWERS } from './scripted-agents.ts';

/** What becomes of one call of an agent, at the level of HTTP. */
export type CallFate =
  | { type: 'answers' }
  | { type: 'streams'; messages: string[] }
  | { type: 'status'; status: number; retryAfterSeconds?: number | undefined }
  | { type: 'breaks' }
  | { type: 'babbles'; body: string }
  | { type: 'refusesForGood' };

/** The fates of an agent's calls in turn; after the last one it answers. */
export type Fates = Record<AgentName, CallFate[]>;

export const isGood = ({ type }: CallFate): boolean => type === 'answers' || type === 'streams';
/** Failures after which another attempt is made. */
export const isRetried = (fate: CallFate): boolean => !isGood(fate) && fate.type !== 'refusesForGood';

const good = (): fc.Arbitrary<CallFate> =>
  fc.oneof(
    fc.constant<CallFate>({ type: 'answers' }),
    fc.array(fc.string(), { maxLength: 3 }).map((messages): CallFate => ({ type: 'streams', messages })),
  );

/** A failure that is worth another attempt, without a Retry-After. */
export const retried = (): fc.Arbitrary<CallFate> =>
  fc.oneof(
    fc.constantFrom(302, 400, 404, 429, 500, 503).map((status): CallFate => ({ type: 'status', status })),
    fc.constant<CallFate>({ type: 'breaks' }),
    fc
      .constantFrom('', 'not JSON', '[]', 'null', '{}', '{"success":false}')
      .map((body): CallFate => ({ type: 'babbles', body })),
  );

const anyFate = (): fc.Arbitrary<CallFate> =>
  fc.oneof(
    { weight: 3, arbitrary: good() },
    { weight: 3, arbitrary: retried() },
    { weight: 1, arbitrary: fc.constant<CallFate>({ type: 'refusesForGood' }) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 0, max: 100 })
        .map((retryAfterSeconds): CallFate => ({ type: 'status', status: 503, retryAfterSeconds })),
    },
  );

/** Anything may befall any call. */
export const anyFates = (): fc.Arbitrary<Fates> => {
  const calls = () => fc.array(anyFate(), { maxLength: 8 });
  return fc.record({ story: calls(), asset: calls(), code: calls(), deploy: calls() });
};

/** Every agent answers, but for those given. */
export const fatesOf = (some: Partial<Fates>): Fates => ({ story: [], asset: [], code: [], deploy: [], ...some });

/** These agents fail so often that no policy of the arbitraries has attempts left. */
export const exhausted = (agents: readonly AgentName[], fate: CallFate = { type: 'status', status: 500 }): Fates =>
  fatesOf(Object.fromEntries(agents.map((agent) => [agent, Array.from({ length: 20 }, () => fate)])));

export const someAgents = (): fc.Arbitrary<AgentName[]> => fc.subarray([...AGENT_NAMES]);

/** The answer that a call with this fate gets. @throws when the connection breaks */
export function respond(agent: AgentName, fate: CallFate): Response {
  switch (fate.type) {
    case 'answers':
      return Response.json(GOOD_ANSWERS[agent]);
    case 'streams': {
      const lines = [...fate.messages.map((log) => ({ log })), { result: GOOD_ANSWERS[agent] }];
      const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
    }
    case 'status': {
      const after = fate.retryAfterSeconds;
      return new Response('busy', {
        status: fate.status,
        headers: after === undefined ? {} : { 'Retry-After': `${after}` },
      });
    }
    case 'breaks':
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    case 'babbles':
      return new Response(fate.body);
    case 'refusesForGood':
      return Response.json({ error: 'no', retryable: false }, { status: 422 });
  }
}
