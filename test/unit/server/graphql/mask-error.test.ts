import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { RequestError } from '../../../../src/orchestrator/request-error.ts';
import { createErrorMask, formatError, statusOf } from '../../../../src/server/graphql/mask-error.ts';

class Unavailable extends Error {}

function setUp() {
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);
  const mask = createErrorMask({
    isUnavailable: (error) => error instanceof Unavailable,
    log: { info: log, warn: log, error: log },
    retryAfterMs: 1_500,
    newErrorId: () => 'id-1',
  });
  return { mask, logged };
}

/** As GraphQL wraps what a resolver threw. */
const thrownAt = (path: string[], originalError: Error) =>
  new GraphQLError(originalError.message, { path, originalError });

describe('expected errors', () => {
  test('an expected error keeps its message, code, details and path', () => {
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
  ] as const)('the error %s has the status %i if nothing was executed', (code, status) => {
    expect(statusOf(setUp().mask(new RequestError(code, 'No.')))).toBe(status);
  });

  test('an expected error does not change the status of a response that was executed', () => {
    expect(statusOf(setUp().mask(thrownAt(['room'], new RequestError('UNAUTHENTICATED', 'No.'))))).toBe(200);
  });
});

test('an error thrown as GraphQLError on purpose is passed on', () => {
  const error = new GraphQLError('Field "x" is missing.');
  expect(setUp().mask(error)).toBe(error);
});

test('an error while the database is unavailable has the delay before a retry', () => {
  const masked = setUp().mask(thrownAt(['viewer'], new Unavailable('ECONNREFUSED 10.0.0.5')));
  expect(masked.message).not.toContain('10.0.0.5');
  expect(masked.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfterMs: 1_500 });
});

describe('unexpected errors', () => {
  test('an unexpected error reveals only an id, under which the log has its stack', () => {
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

  test.each([['text'], [undefined], [{ message: 'no error' }]])(
    'any thrown value is masked as an unexpected error: %j',
    (thrown) => {
      expect(setUp().mask(thrown).message).toBe('Unexpected error.');
    },
  );

  test('an unexpected error is masked and logged once, however many layers mask it', () => {
    const { mask, logged } = setUp();
    const masked = mask(new Error('x'));
    expect(mask(masked)).toBe(masked);
    expect(logged).toHaveLength(1);
  });
});
