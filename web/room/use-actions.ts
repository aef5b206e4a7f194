import { useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { ROOT, roomHref } from '../navigation/addresses.ts';
import { navigate } from '../navigation/route.ts';
import { START } from '../overview/operations.ts';
import type { Wanted } from './again-dialog.tsx';
import { CANCEL, RETRY, SHARE, type StepState, type WorkflowState } from './operations.ts';

export type Actions = ReturnType<typeof useActions>;

const ONE_DAY_S = 86_400;

/** What a viewer may do with a room, and what came of the last thing they did. */
export function useActions(roomId: string, { id: workflowId }: Pick<WorkflowState, 'id'>) {
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
    say: (text: string) => setNotice({ text, isProblem: false }),
    cancel: () =>
      void act(async () => {
        await connection.send(CANCEL, { id: workflowId });
        return null;
      }),
    retry: (from: StepState['agent']) =>
      void act(async () => {
        // If the answer is lost, the request is sent again: the key keeps it from starting a second workflow.
        await connection.send(RETRY, { id: workflowId, from, idempotencyKey: randomKey() });
        navigate(roomHref(roomId));
        return null;
      }),
    again: ({ idea, ...wanted }: Wanted) =>
      void act(async () => {
        const input = { roomId, userInput: idea, ...wanted, idempotencyKey: randomKey() };
        await connection.send(START, { input });
        navigate(roomHref(roomId));
        return null;
      }),
    /** @returns an address with a token that can only read this room, for a day */
    async createLink(): Promise<string> {
      const { createRoomToken } = await connection.send(SHARE, { roomId, ttl: ONE_DAY_S });
      return `${new URL(`rooms/${roomId}`, ROOT).href}#token=${createRoomToken.token}`;
    },
  };
}

/** crypto.randomUUID exists only on https and localhost. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
