import { useMemo, useSyncExternalStore } from 'react';
import { ROOT } from './addresses.ts';

export type Route =
  | { name: 'overview' }
  /** `workflowId` null: the latest one. */
  | { name: 'room'; roomId: string; workflowId: string | null }
  | { name: 'unknown' };

const CHANGED = 'hauntedai:navigated';

function parseRoute(href: string): Route {
  const { pathname, searchParams } = new URL(href);
  const path = pathname.startsWith(ROOT.pathname) ? pathname.slice(ROOT.pathname.length) : pathname;
  if (path === '') return { name: 'overview' };
  const [, roomId] = /^rooms\/([^/]+)$/.exec(path) ?? [];
  return roomId === undefined
    ? { name: 'unknown' }
    : { name: 'room', roomId, workflowId: searchParams.get('workflow') };
}

export function navigate(href: string, { replace = false } = {}): void {
  if (href === location.href) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  const events = ['popstate', 'hashchange', CHANGED];
  for (const name of events) window.addEventListener(name, listener);
  return () => {
    for (const name of events) window.removeEventListener(name, listener);
  };
}

export const useHref = (): string => useSyncExternalStore(subscribe, () => location.href);

export function useRoute(): Route {
  const href = useHref();
  return useMemo(() => parseRoute(href), [href]);
}
