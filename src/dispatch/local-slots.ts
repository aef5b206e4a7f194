import type { AgentLimits } from '../orchestrator/ports/agents.ts';
import type { Places } from './slot.ts';

/**
 * One agent's places in this process, shared by jobs from Redis and by steps that this process goes on with. Going on is
 * not for an agent whose calls are limited over all processes: only Redis knows those.
 */
export function createLocalPlaces(
  { concurrency, globalConcurrency, ratePerMinute }: AgentLimits,
  isClosing: () => boolean,
): Places & { take(patienceMs: number): Promise<boolean> } {
  const isLimitedElsewhere = globalConcurrency !== null || ratePerMinute !== null;
  const waiting: (() => void)[] = [];
  let taken = 0;

  return {
    tryPlace() {
      if (isLimitedElsewhere || isClosing() || taken >= concurrency) return false;
      taken += 1;
      return true;
    },
    /** In order of arrival; false when no place came free for so long. */
    async take(patienceMs) {
      if (taken < concurrency) {
        taken += 1;
        return true;
      }
      return await new Promise<boolean>((resolve) => {
        const given = () => {
          clearTimeout(enough);
          resolve(true);
        };
        const enough = setTimeout(() => {
          waiting.splice(waiting.indexOf(given), 1);
          resolve(false);
        }, patienceMs);
        waiting.push(given);
      });
    },
    leave() {
      const next = waiting.shift();
      // A place that is passed on stays taken.
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
