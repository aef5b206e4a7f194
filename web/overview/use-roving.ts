import { type FocusEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { isTyping } from '../shared/keys.ts';
import { rememberedRoom, rememberRoom } from './last-room.ts';

const MOVES: Readonly<Record<string, (index: number, last: number) => number>> = {
  j: (index) => index + 1,
  k: (index) => index - 1,
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  Home: () => 0,
  End: (_index, last) => last,
};

/**
 * Moves the focus among the rows of a list, of which one is a stop for the tab key. j and k work from anywhere on the
 * page; the other keys only within the list, since they scroll the page elsewhere.
 */
export function useRoving(items: readonly { id: string }[]) {
  const list = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState(rememberedRoom);
  const current = items.some(({ id }) => id === chosen) ? chosen : (items[0]?.id ?? null);

  useEffect(() => {
    const row = [...(list.current?.children ?? [])].find((item) => roomOf(item) === rememberedRoom());
    row?.querySelector('a')?.focus();
  }, []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const move = MOVES[event.key];
      if (move === undefined || isTyping(event) || document.querySelector('dialog[open]') !== null) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
      const focused = rows.findIndex((row) => row.matches(':focus'));
      if (focused < 0 && event.key.length > 1) return;
      const stop = rows.findIndex(({ tabIndex }) => tabIndex === 0);
      const next = focused < 0 ? stop : Math.min(rows.length - 1, Math.max(0, move(focused, rows.length - 1)));
      event.preventDefault();
      rows[next]?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return {
    list,
    current,
    onFocus: ({ target }: FocusEvent) => setChosen(roomOf(target)),
    onClickCapture: ({ target }: MouseEvent) => {
      const roomId = target instanceof Element ? roomOf(target) : null;
      if (roomId !== null) rememberRoom(roomId);
    },
  };
}

const roomOf = (element: Element): string | null =>
  element.closest<HTMLElement>('[data-room]')?.dataset['room'] ?? null;
