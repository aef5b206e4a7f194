import { ErrorCode, isNotConnectionError } from 'bullmq';

/** Node's codes for network errors; BullMQ's own check knows only the first. */
const NETWORK_ERROR_CODES = 'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH'.split(' ');

/** The job is gone, or its lock is another worker's: Redis came back empty, or this process was paused. */
const LOST_JOB_CODES = [ErrorCode.JobNotExist, ErrorCode.JobLockNotExist, ErrorCode.JobLockMismatch];

/**
 * The same, found by the timer that renews locks. BullMQ 6 makes this error from a text alone, with neither a class nor
 * a code, so the text is all there is to go by. Should it change, such an error is logged as well.
 */
const LOCK_NOT_RENEWED = /^could not renew lock for job /;

/** An error of a worker that comes with an outage of Redis, or after one that lost its data. The step is in Postgres. */
export function isExpectedWorkerError(error: Error & { code?: string | number }): boolean {
  const { code } = error;
  return (
    !isNotConnectionError(error) ||
    (typeof code === 'string' && NETWORK_ERROR_CODES.includes(code)) ||
    (typeof code === 'number' && LOST_JOB_CODES.includes(code)) ||
    LOCK_NOT_RENEWED.test(error.message)
  );
}
