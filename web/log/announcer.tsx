import { useEffect, useRef, useState } from 'react';
import type { LogLine } from '../room/operations.ts';
import { agentTitle } from '../shared/words.ts';

const PACE_MS = 3_000;

/**
 * Reads the log aloud at a bearable pace: the newest line that matters, at most every three seconds. The list itself
 * stays silent, since its rows come and go while it scrolls.
 */
export function Announcer({ lines }: { lines: readonly LogLine[] }) {
  const [text, setText] = useState('');
  const newest = useRef(lines);
  newest.current = lines;
  useEffect(() => {
    let read = newest.current.length;
    const timer = setInterval(() => {
      const added = newest.current.slice(Math.min(read, newest.current.length));
      read = newest.current.length;
      const line = added.findLast(({ level }) => level === 'ERROR' || level === 'WARN') ?? added.at(-1);
      if (line !== undefined) setText(`${agentTitle(line.agentType)}: ${line.message.slice(0, 300)}`);
    }, PACE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="sr-only" aria-live="polite">
      {text}
    </div>
  );
}
