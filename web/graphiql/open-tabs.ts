import { emptyVariables, type Filled, idsOf, isFollowing, parseVariables } from './fill-in.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** As GraphiQL stores a tab. */
export type StoredTab = {
  id: string;
  title: string;
  query: string | null;
  variables: string | null;
  headers: string | null;
  operationName: string | null;
  response: null;
  hash: null;
};
export type Tabs = { tabs: StoredTab[]; activeTabIndex: number };

export type Visit = {
  stored: Tabs | null;
  filled: Filled;
  /** Whether the stored tabs have been through this function: a tab that was closed stays closed. */
  isKnown: boolean;
  /** Whether the address names a room to show. */
  showsRoom: boolean;
  newId: () => string;
};

/** The tabs to open: those of the last visit, and the operations that they lack. */
export function openTabs({ stored, filled, isKnown, showsRoom, newId }: Visit): Tabs {
  const kept = (stored?.tabs ?? []).filter((tab) => !isOutdated(tab)).map((tab) => ({ ...tab, headers: null }));
  const serves = (tab: StoredTab, { name, variables }: Operation) =>
    tab.operationName === name &&
    (variables.length === 0 || (isFollowing(tab, filled) && takes(tab).join() === variables.join()));
  const wanted = OPERATIONS.filter(({ variables }) =>
    stored === null || !isKnown ? true : showsRoom && variables.length > 0,
  );
  const missing = wanted.filter((operation) => !kept.some((tab) => serves(tab, operation)));
  const tabs = [...kept, ...missing.map((operation) => createTab(operation, newId()))];
  const watch = OPERATIONS.find(({ name }) => name === 'Watch');
  const last = Math.min(stored?.activeTabIndex ?? 0, tabs.length - 1);
  return {
    tabs,
    activeTabIndex: showsRoom && watch ? tabs.findIndex((tab) => serves(tab, watch)) : Math.max(last, 0),
  };
}

const takes = (tab: StoredTab) => idsOf(parseVariables(tab.variables) ?? {});

/** The example of 0.1.0, which could only fail before an id was pasted into it. */
const isOutdated = ({ query }: StoredTab): boolean =>
  query?.startsWith('# Paste the room id below') === true && query.includes('agentLogs(roomId: "")');

function createTab({ name, query, variables }: Operation, id: string): StoredTab {
  return {
    id,
    title: name,
    query,
    variables: emptyVariables(variables),
    headers: null,
    operationName: name,
    response: null,
    hash: null,
  };
}
