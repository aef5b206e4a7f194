import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type RunningProcess = { pid: number; group: number; folder: string; command: string[] };

/** Every process of the machine that may be looked at. Linux only: it reads /proc, so that no `ps` is needed. */
export function runningProcesses(): RunningProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // `pid (name) state parent group …`, and the name may hold anything, even a parenthesis.
      const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (state === 'Z') return []; // ended, and only its parent has not heard
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      return [{ pid: Number(pid), group: Number(group), folder: readlinkSync(`/proc/${pid}/cwd`), command }];
    } catch {
      return []; // it has ended meanwhile, or is somebody else's
    }
  });
}
