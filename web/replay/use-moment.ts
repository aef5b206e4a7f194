import { type RefObject, useEffect, useRef } from 'react';
import type { LineListHandle } from '../log/line-list.tsx';
import { seqInHash } from '../navigation/addresses.ts';
import { useHref } from '../navigation/route.ts';
import type { LogLine } from '../room/operations.ts';

type Options = {
  lines: readonly LogLine[];
  isRunning: boolean;
  seek(ms: number): void;
  log: RefObject<LineListHandle | null>;
};

/** Opens a run at the line that the address names, as soon as that line has arrived: of a finished run, its moment. */
export function useMoment({ lines, isRunning, seek, log }: Options): void {
  const href = useHref();
  const opened = useRef('');
  useEffect(() => {
    const seq = seqInHash();
    const line = seq === null || opened.current === href ? undefined : lines.find((candidate) => candidate.seq === seq);
    if (line === undefined) return;
    opened.current = href;
    if (!isRunning) seek(Date.parse(line.timestamp));
    setTimeout(() => log.current?.goTo((candidate) => candidate.seq === seq));
  });
}
