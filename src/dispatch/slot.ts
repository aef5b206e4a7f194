import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { Slot } from '../orchestrator/ports/dispatch.ts';

/** The places of one agent in this process. */
export type Places = { tryPlace(): boolean; leave(): void };

/** A place that was taken, as its holder sees it. */
export function placeOf(places: Record<AgentName, Places>, agent: AgentName, left: () => void = () => {}): Slot {
  let held = true;
  return {
    next: (following) => (places[following].tryPlace() ? placeOf(places, following) : null),
    release() {
      if (!held) return;
      held = false;
      places[agent].leave();
      left();
    },
  };
}
