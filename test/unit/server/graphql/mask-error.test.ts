import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../../src/orchestrator/errors.ts';
import { createErrorMask, formatError, statusOf } from '../../../../src/server/graphql/mask-error.ts';

class Away extends Error {}

function setUp() {
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);
  const mask = createErrorMask({
    isUnavailable: (error) => error instanceof Away,
    log: { info: log, warn: log, error: log },
    retryAfterMs: 1_500,
    newErrorId: () => 'id-1',
  });
  return { mask, logged };
}

/** As GraphQL wraps what a resolver threw. */
const thrownAt = (path: string[], originalError: Error) =>
  new GraphQLError(originalError.message, { path, originalError });

describe('an error that the client is expected to meet', () => {
  test('keeps its message, code, details and place', () => {
    const { mask, logged } = setUp();
    const error = new RequestError('WORKFLOW_ALREADY_RUNNING', 'One is running.', { workflowId: 'w1' });
    expect(formatError(mask(thrownAt(['startWorkflow'], error)))).toEqual({
      message: 'One is running.',
      path: ['startWorkflow'],
      extensions: { code: 'WORKFLOW_ALREADY_RUNNING', workflowId: 'w1' },
    });
    expect(logged).toEqual([]);
  });

  test.each([
    ['UNAUTHENTICATED', 401],
    ['INVALID_INPUT', 400],
    ['SERVICE_UNAVAILABLE', 503],
  ] as const)('is %s: before anything is executed the status is %i', (code, status) => {
    expect(statusOf(setUp().mask(new RequestError(code, 'No.')))).toBe(status);
  });

  test('does not change the status of an answer that was executed', () => {
    expect(statusOf(setUp().mask(thrownAt(['room'], new RequestError('UNAUTHENTICATED', 'No.'))))).toBe(200);
  });
});

test('an error thrown as GraphQLError on purpose is passed on', () => {
  const error = new GraphQLError('Field "x" is missing.');
  expect(setUp().mask(error)).toBe(error);
});

test('while the database is away the client is told when to come back', () => {
  const masked = setUp().mask(thrownAt(['viewer'], new Away('ECONNREFUSED 10.0.0.5')));
  expect(masked.message).not.toContain('10.0.0.5');
  expect(masked.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfterMs: 1_500 });
});

describe('an unexpected error', () => {
  test('says nothing but an id, which the log has next to the stack', () => {
    const { mask, logged } = setUp();
    const cause = new Error('password=hunter2');
    const wrappedTwice = thrownAt(['viewer'], thrownAt(['viewer'], cause));
    expect(formatError(mask(wrappedTwice))).toEqual({
      message: 'Unexpected error.',
      path: ['viewer'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: 'id-1' },
    });
    expect(logged).toEqual([{ err: cause, errorId: 'id-1', path: ['viewer'] }]);
  });

  test.each([['text'], [undefined], [{ message: 'no error' }]])('may be anything: %j', (thrown) => {
    expect(setUp().mask(thrown).message).toBe('Unexpected error.');
  });

  test('is masked and logged once, however many layers mask it', () => {
    const { mask, logged } = setUp();
    const masked = mask(new Error('x'));
    expect(mask(masked)).toBe(masked);
    expect(logged).toHaveLength(1);
  });
});
