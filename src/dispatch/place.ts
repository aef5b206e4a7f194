import type { AgentName } from '../orchestrator/domain/agents.ts';
import type { Place } from '../orchestrator/ports.ts';

/** The places of one agent in this process. */
export type Places = { tryPlace(): boolean; leave(): void };

/** A place that was taken, as its holder sees it. */
export function placeOf(places: Record<AgentName, Places>, agent: AgentName, left: () => void = () => {}): Place {
  let held = true;
  return {
    next: (following) => (places[following].tryPlace() ? placeOf(places, following) : null),
    leave() {
      if (!held) return;
      held = false;
      places[agent].leave();
      left();
    },
  };
}
