import { useRef, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { ApiError } from '../api/errors.ts';
import { roomHref } from '../navigation/addresses.ts';
import { navigate } from '../navigation/route.ts';
import { randomKey } from '../room/use-actions.ts';
import { START } from './operations.ts';

export type Refusal = {
  reason: string;
  /** When starting may succeed, in ms by this browser's clock; null: the server did not say. */
  retryAtMs: number | null;
};

export type Starting = ReturnType<typeof useStart>;

/** The idea that is typed, and what became of starting it. The idea stays until it has started. */
export function useStart() {
  const connection = useConnection();
  const [idea, setIdea] = useState('');
  const [isStarting, setStarting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const request = useRef({ wanted: '', key: '' });

  const start = async (userInput: string, language = '') => {
    setIdea(userInput);
    if (userInput.trim() === '')
      return setRefusal({ reason: 'Type an idea first, or click an example.', retryAtMs: null });
    // The key stays the same while the same is tried again: it starts once, even if an answer was lost.
    const wanted = JSON.stringify([userInput, language]);
    if (request.current.wanted !== wanted) request.current = { wanted, key: randomKey() };
    setStarting(true);
    setRefusal(null);
    try {
      const input = { userInput, language: language || null, idempotencyKey: request.current.key };
      const { startWorkflow } = await connection.request(START, { input });
      navigate(roomHref(startWorkflow.room.id));
    } catch (error) {
      setRefusal(explain(error));
      setStarting(false);
    }
  };

  const edit = (text: string) => {
    setIdea(text);
    setRefusal(null);
  };
  return {
    idea,
    edit,
    start: (userInput: string, language?: string) => void start(userInput, language),
    isStarting,
    refusal,
  };
}

function explain(error: unknown): Refusal {
  const { message, code, retryAfterMs } =
    error instanceof ApiError ? error : { message: String(error), code: 'UNKNOWN', retryAfterMs: null };
  const retryAtMs = retryAfterMs === null ? null : Date.now() + retryAfterMs;
  switch (code) {
    case 'RATE_LIMITED':
      return { reason: 'You started many rooms in a short time. Those that have started continue.', retryAtMs };
    case 'SERVICE_UNAVAILABLE':
      return { reason: 'The service cannot reach its database at the moment, so the room did not start.', retryAtMs };
    case 'INVALID_INPUT':
      return { reason: message.replace(/^userInput:/, 'The idea'), retryAtMs };
    default:
      return { reason: `The room did not start: ${message}`, retryAtMs };
  }
}
