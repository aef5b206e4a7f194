import type { Caller } from '../../orchestrator/identity.ts';
import { createQuota } from './quota.ts';

/** Operations that one WebSocket may have open. */
export const MAX_OPERATIONS_PER_SOCKET = 500;
/** A WebSocket that did nothing for so long is closed, in ms. */
export const SOCKET_IDLE_MS = 10 * 60 * 1_000;
/** Behind one address there may be many viewers. */
const ADDRESS_FACTOR = 10;

export type SocketLimits = {
  /**
   * @param whenGone is given what gives back what was taken
   * @returns what is wrong, for a person, with nothing taken; otherwise null
   */
  take(caller: Caller, address: string, whenGone: (giveBack: () => void) => void): string | null;
};

/** @param perViewer WebSockets of one viewer to this process; null: no limit */
export function createSocketLimits(perViewer: number | null): SocketLimits {
  const ofViewer = createQuota(perViewer);
  const ofAddress = createQuota(perViewer === null ? null : perViewer * ADDRESS_FACTOR);
  return {
    take({ viewerId }, address, whenGone) {
      const viewers = ofViewer(viewerId);
      const addresses = ofAddress(address);
      if (viewers !== null && addresses !== null) {
        whenGone(viewers);
        whenGone(addresses);
        return null;
      }
      viewers?.();
      addresses?.();
      const most =
        viewers === null
          ? `${perViewer} WebSockets of one viewer`
          : `${(perViewer ?? 0) * ADDRESS_FACTOR} WebSockets from one address`;
      return `${most} are the most; one can carry many operations`;
    },
  };
}
