import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

export type Machine = {
  cpu: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  /** Processes that want a core, over the last minute: above `cores` before a run begins, others work here too. */
  load: number;
  versions: Record<string, string>;
};

/**
 * Where a run takes place, for its table and its JSON.
 * @param servers versions of what it talks to: `{ postgres: '18.1' }`.
 * @param packages whose installed versions matter to it, besides Node's.
 */
export function describeMachine(servers: Record<string, string>, packages: readonly string[]): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    versions: {
      node: process.versions.node,
      ...servers,
      ...Object.fromEntries(packages.map((name) => [name, installedVersion(name)])),
    },
  };
}

export function machineLine({ cpu, cores, memoryGiB, platform, load, versions }: Machine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, load ${load} before the run; ${named.join(', ')}`;
}

/** Of the package that a file of bench/ would get. Not all packages let their package.json be resolved by name. */
function installedVersion(name: string): string {
  for (const folder of ['../node_modules', '../../node_modules']) {
    try {
      const text = readFileSync(new URL(`${folder}/${name}/package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // The other folder has it.
    }
  }
  return 'absent';
}
