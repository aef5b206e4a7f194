import { useEffect, useRef } from 'react';
import { isTyping } from '../shared/keys.ts';

/** The help dialog, opened by its button or by `?`. */
export function useHelp() {
  const help = useRef<HTMLDialogElement>(null);
  const onHelp = () => {
    if (help.current?.open === false) help.current.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || isTyping(event)) return;
      event.preventDefault();
      if (help.current?.open === false) help.current.showModal();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return { help, onHelp };
}
