import type { Caller } from '../../orchestrator/identity.ts';
import { createQuota } from './quota.ts';

/** Operations that one WebSocket may have open. */
export const MAX_OPERATIONS_PER_SOCKET = 500;
/** A WebSocket that did nothing for so long is closed, in ms. */
export const SOCKET_IDLE_MS = 10 * 60 * 1_000;
/** Behind one address there may be many viewers. */
const ADDRESS_FACTOR = 10;

export type SocketLimits = {
  /** @returns what is wrong, for a person; otherwise null, and what is taken is given back when `gone` aborts */
  take(caller: Caller, address: string, gone: AbortSignal): string | null;
};

/** @param perViewer WebSockets of one viewer to this process; null: no limit */
export function createSocketLimits(perViewer: number | null): SocketLimits {
  const ofViewer = createQuota(perViewer);
  const ofAddress = createQuota(perViewer === null ? null : perViewer * ADDRESS_FACTOR);
  return {
    take({ viewerId }, address, gone) {
      const places = [
        { give: ofViewer(viewerId), most: `${perViewer} WebSockets of one viewer are the most` },
        {
          give: ofAddress(address),
          most: `${(perViewer ?? 0) * ADDRESS_FACTOR} WebSockets from one address are the most`,
        },
      ];
      const giveBack = () => {
        for (const { give } of places) give?.();
      };
      const refused = places.find(({ give }) => give === null);
      if (refused !== undefined || gone.aborted) giveBack();
      else gone.addEventListener('abort', giveBack, { once: true });
      return refused === undefined ? null : `${refused.most}; one can carry many operations`;
    },
  };
}
