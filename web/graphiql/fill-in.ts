import type { Id } from './operations.ts';

/** The room and workflow that the tabs are about. */
export type Subject = { roomId: string; workflowId: string | null };

/** The variables that the page wrote last, by tab: only these may be replaced. */
export type Filled = Readonly<Record<string, string>>;

type Tab = { id: string; variables?: string | null };

const IDS: readonly Id[] = ['roomId', 'workflowId'];

/** The ids that a tab takes. */
export const idsOf = (variables: Readonly<Record<string, unknown>>): Id[] => IDS.filter((id) => id in variables);

export const emptyVariables = (ids: readonly Id[]): string =>
  ids.length === 0 ? '' : JSON.stringify(Object.fromEntries(ids.map((id) => [id, ''])), null, 2);

/** Null if it is not an object, such as while somebody types. */
export function parseVariables(text: string | null | undefined): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}

/** Whether a tab's ids are empty, or still as the page wrote them. An id that a person entered stays. */
export function isFollowing(tab: Tab, filled: Filled): boolean {
  const variables = parseVariables(tab.variables);
  if (variables === null) return false;
  const ids = idsOf(variables);
  return ids.length > 0 && (tab.variables === filled[tab.id] || ids.every((id) => variables[id] === ''));
}

/** The variables with the subject's ids; null if there is nothing to change. */
export function fillIn(tab: Tab, filled: Filled, subject: Subject): string | null {
  if (!isFollowing(tab, filled)) return null;
  const variables = parseVariables(tab.variables) ?? {};
  for (const id of idsOf(variables)) variables[id] = subject[id] ?? '';
  const text = JSON.stringify(variables, null, 2);
  return text === tab.variables && text === filled[tab.id] ? null : text;
}
