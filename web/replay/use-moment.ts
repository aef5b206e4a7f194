import { type RefObject, useEffect, useRef } from 'react';
import type { LineListHandle } from '../log/line-list.tsx';
import { seqInHash } from '../navigation/addresses.ts';
import { useHref } from '../navigation/route.ts';
import type { LogLine } from '../room/operations.ts';
import type { Replay } from './use-replay.ts';

type Options = {
  lines: readonly LogLine[];
  isRunning: boolean;
  replay: Replay;
  log: RefObject<LineListHandle | null>;
};

/**
 * Opens a run at the line that the address names, as soon as that line has arrived: of a finished run, its moment. Leaves
 * the moment when the address no longer names one, as after going back.
 */
export function useMoment({ lines, isRunning, replay, log }: Options): void {
  const href = useHref();
  const opened = useRef<string | null>(null);
  useEffect(() => {
    const seq = seqInHash();
    if (seq === null && opened.current !== null) {
      opened.current = null;
      replay.leave();
    }
    if (seq === null || opened.current === href) return;
    const line = lines.find((candidate) => candidate.seq === seq);
    if (line === undefined) return;
    opened.current = href;
    if (!isRunning) replay.seek(Date.parse(line.timestamp));
    setTimeout(() => log.current?.goTo((candidate) => candidate.seq === seq));
  }, [href, lines, isRunning]);
}
