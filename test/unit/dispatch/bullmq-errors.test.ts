import { ErrorCode } from 'bullmq';
import { expect, test } from 'vitest';
import { isExpectedWorkerError } from '../../../src/dispatch/bullmq-errors.ts';

const withCode = (code: string | number) => Object.assign(new Error('x'), { code });

test.each([
  ['a closed connection', new Error('Connection is closed.')],
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a connection that timed out', withCode('ETIMEDOUT')],
  ['a job that no longer exists', withCode(ErrorCode.JobNotExist)],
  ['a lock that no longer exists', withCode(ErrorCode.JobLockNotExist)],
  ['a lock that another worker holds', withCode(ErrorCode.JobLockMismatch)],
  ['a lock that was not renewed', new Error('could not renew lock for job a_story_0')],
])('an error for %s is expected, since outages of Redis cause it', (_what, error) => {
  expect(isExpectedWorkerError(error)).toBe(true);
});

test.each([
  ['a full Redis', new Error("OOM command not allowed when used memory > 'maxmemory'.")],
  ['a job in the wrong state', withCode(ErrorCode.JobNotInState)],
  ['a missing file', withCode('ENOENT')],
])('an error for %s is not expected, and is reported', (_what, error) => {
  expect(isExpectedWorkerError(error)).toBe(false);
});
