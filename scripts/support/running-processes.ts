import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type RunningProcess = { pid: number; group: number; folder: string; command: string[] };

/** Lists the machine's processes, as far as this user may inspect them. Linux only: it reads /proc, so it needs no `ps`. */
export function runningProcesses(): RunningProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // The format is `pid (name) state parent group …`, where the name may contain anything, even parentheses.
      const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (state === 'Z') return []; // ended, but not yet reaped by its parent
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      return [{ pid: Number(pid), group: Number(group), folder: readlinkSync(`/proc/${pid}/cwd`), command }];
    } catch {
      return []; // it has ended meanwhile, or belongs to another user
    }
  });
}
