import fc from 'fast-check';
import { AGENT_NAMES, type AgentName } from '../../../../src/orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES, type AttemptFailure } from '../../../../src/orchestrator/domain/failure.ts';
import type { RetryPolicy } from '../../../../src/orchestrator/domain/retry-policy.ts';

export const retryPolicy = (): fc.Arbitrary<RetryPolicy> =>
  fc.record({
    maxAttempts: fc.integer({ min: 1, max: 8 }),
    initialDelayMs: fc.integer({ min: 0, max: 10_000 }),
    multiplier: fc.integer({ min: 1, max: 4 }),
    maxDelayMs: fc.integer({ min: 0, max: 60_000 }),
  });

const failure = (): fc.Arbitrary<AttemptFailure> =>
  fc.record({
    code: fc.constantFrom(...AGENT_ERROR_CODES),
    message: fc.string({ minLength: 1 }),
    final: fc.constant(false),
  });

/** What befalls a call: it answers, it fails (perhaps for good, perhaps with a Retry-After), or its process dies. */
export type Fate = { type: 'succeeds' } | { type: 'dies' } | { type: 'fails'; failure: AttemptFailure };

export const fate = (): fc.Arbitrary<Fate> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fate>({ type: 'succeeds' }) },
    { weight: 1, arbitrary: fc.constant<Fate>({ type: 'dies' }) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(failure(), fc.boolean(), fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined }))
        .map(
          ([failed, final, retryAfterMs]): Fate => ({
            type: 'fails',
            failure: {
              ...failed,
              final: final && failed.code === 'REFUSED',
              ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
            },
          }),
        ),
    },
  );

export const agentName = (): fc.Arbitrary<AgentName> => fc.constantFrom(...AGENT_NAMES);

/** Any UTF-16 units, lone surrogates and control characters among them. */
export const anyText = (): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units));
