import { connectionFailure, FailedAttempt } from './failures.ts';
import type { Transport } from './transport.ts';

/**
 * The transport, with whatever goes wrong on the connection turned into a CONNECTION failure, and no bytes handed on
 * once the signal has aborted (a `fetch` of somebody's own may not heed it).
 * @param label host and port, for messages
 */
export function guardedTransport(transport: Transport, label: string): Transport {
  return async (request, signal) => {
    try {
      const answer = await transport(request, signal);
      return { ...answer, body: guardedBody(answer.body, label, signal) };
    } catch (error) {
      throw failed(error, label);
    }
  };
}

async function* guardedBody(
  body: AsyncIterable<Uint8Array>,
  label: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    throw failed(error, label);
  }
}

function failed(error: unknown, label: string): FailedAttempt {
  return error instanceof FailedAttempt ? error : new FailedAttempt(connectionFailure(error, label));
}
