import { type RefObject, useEffect, useRef } from 'react';
import type { LineListHandle } from '../log/line-list.tsx';
import { isTyping } from '../shared/keys.ts';
import { focusLane } from '../timeline/timeline.tsx';

type Options = { log: RefObject<LineListHandle | null>; onCancel(): void; onNoProblem(): void };

/** The keys of a room. They do nothing while someone types, or together with Ctrl, Alt or Meta. */
export function useRoomKeys(options: Options): void {
  const current = useRef(options);
  current.current = options;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || document.querySelector('dialog[open]') !== null) return;
      const { log, onCancel, onNoProblem } = current.current;
      const actions: Record<string, () => void> = {
        j: () => focusLane(1),
        k: () => focusLane(-1),
        f: () => document.querySelector<HTMLElement>('.follow')?.click(),
        e: () => {
          const isFound = log.current?.goTo(({ level }) => level === 'ERROR' || level === 'WARN', { next: true });
          if (isFound === false) onNoProblem();
        },
        '/': () => document.getElementById('log-search')?.focus(),
        c: onCancel,
      };
      const action = actions[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
