import type { AgentLimits } from './agent-limits.ts';
import type { Places } from './place.ts';

/**
 * One agent's places in this process, shared by jobs from Redis and by steps that this process goes on with. Going on is
 * not for an agent whose calls are limited over all processes: only Redis knows those.
 */
export function createLocalPlaces(
  { concurrency, globalConcurrency, ratePerMinute }: AgentLimits,
  isClosing: () => boolean,
): Places & { take(): Promise<void> } {
  const isLimitedElsewhere = globalConcurrency !== null || ratePerMinute !== null;
  const waiting: (() => void)[] = [];
  let taken = 0;

  return {
    tryPlace() {
      if (isLimitedElsewhere || isClosing() || taken >= concurrency) return false;
      taken += 1;
      return true;
    },
    /** In order of arrival. */
    async take() {
      if (taken >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
    },
    leave() {
      const next = waiting.shift();
      // A place that is passed on stays taken.
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
