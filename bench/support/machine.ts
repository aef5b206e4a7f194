import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

export type Machine = {
  cpu: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  /** The load average over the last minute. A value above `cores` before a run means that the machine is shared. */
  load: number;
  versions: Record<string, string>;
};

/**
 * Describes the machine, for the table and the JSON of a run.
 * @param servers versions of the servers, such as `{ postgres: '18.1' }`
 * @param packages whose installed versions are included, besides Node's
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

/** The version of a package as bench/ resolves it. Not every package exports its package.json. */
function installedVersion(name: string): string {
  for (const folder of ['../node_modules', '../../node_modules']) {
    try {
      const text = readFileSync(new URL(`${folder}/${name}/package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Try the other folder.
    }
  }
  return 'absent';
}
