import type { Filled } from './fill-in.ts';
import type { Tabs } from './open-tabs.ts';

/** GraphiQL's own key, in which it keeps the tabs. */
const TABS = 'graphiql:tabState';
const FILLED = 'hauntedai-graphiql:filled';

/** What this browser keeps between visits. */
export type Memory = {
  tabs(): Tabs | null;
  keepTabs(tabs: Tabs): void;
  filled(): Filled;
  keepFilled(tabId: string, variables: string): void;
  /** Whether a visit has kept anything. */
  isKnown(): boolean;
  /** The headers that were entered last in this visit, which other tabs need as well. A token is not kept longer. */
  headers(): string | null;
  keepHeaders(headers: string): void;
};

export function createMemory(storage: Storage): Memory {
  let headers: string | null = null;
  const read = <T>(key: string): T | null => {
    try {
      return JSON.parse(storage.getItem(key) ?? 'null');
    } catch {
      return null;
    }
  };
  /** A browser may refuse to store anything; then it is forgotten after this visit. */
  let filled: Filled = read<Filled>(FILLED) ?? {};
  const isKnown = storage.getItem(FILLED) !== null;
  const write = (key: string, value: unknown) => {
    try {
      storage.setItem(key, JSON.stringify(value));
    } catch {}
  };
  return {
    tabs() {
      const stored = read<Tabs>(TABS);
      return Array.isArray(stored?.tabs) ? stored : null;
    },
    keepTabs(tabs) {
      const ids = new Set(tabs.tabs.map(({ id }) => id));
      filled = Object.fromEntries(Object.entries(filled).filter(([id]) => ids.has(id)));
      write(FILLED, filled);
      write(TABS, tabs);
    },
    filled: () => filled,
    keepFilled(tabId, variables) {
      filled = { ...filled, [tabId]: variables };
      write(FILLED, filled);
      // GraphiQL stores its tabs half a second later, and a visit may end before.
      const tabs = read<Tabs>(TABS);
      const tab = tabs?.tabs?.find(({ id }) => id === tabId);
      if (!tab) return;
      tab.variables = variables;
      write(TABS, tabs);
    },
    isKnown: () => isKnown,
    headers: () => headers,
    keepHeaders(text) {
      headers = text;
    },
  };
}
