import { useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { ROOT, roomHref } from '../navigation/addresses.ts';
import { navigate } from '../navigation/route.ts';
import { copyText } from '../shared/copy-button.tsx';
import { CANCEL, RETRY, SHARE, type StepState } from './operations.ts';

const ONE_DAY_S = 86_400;

/** What a viewer may do with a room, and what came of the last thing they did. */
export function useActions(roomId: string, workflowId: string | undefined) {
  const connection = useConnection();
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<{ text: string; isProblem: boolean } | null>(null);

  const act = async (work: () => Promise<string | null>): Promise<void> => {
    setBusy(true);
    setNotice(null);
    try {
      const text = await work();
      if (text !== null) setNotice({ text, isProblem: false });
    } catch (error) {
      setNotice({ text: error instanceof Error ? error.message : String(error), isProblem: true });
    } finally {
      setBusy(false);
    }
  };

  return {
    busy,
    notice,
    cancel: () =>
      void act(async () => {
        if (workflowId !== undefined) await connection.request(CANCEL, { id: workflowId });
        return null;
      }),
    retry: (from: StepState['agent']) =>
      void act(async () => {
        if (workflowId === undefined) return null;
        // If the answer is lost, the request is sent again: the key keeps it from starting a second workflow.
        await connection.request(RETRY, { id: workflowId, from, idempotencyKey: randomKey() });
        navigate(roomHref(roomId));
        return null;
      }),
    share: () =>
      void act(async () => {
        const { createRoomToken } = await connection.request(SHARE, { roomId, ttl: ONE_DAY_S });
        const link = `${new URL(`rooms/${roomId}`, ROOT).href}#token=${createRoomToken.token}`;
        await copyText(link);
        return 'A link is in the clipboard. Whoever has it can read this room for a day, and change nothing.';
      }),
  };
}

/** crypto.randomUUID exists only on https and localhost. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
