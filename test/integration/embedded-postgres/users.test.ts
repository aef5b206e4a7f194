import { chmod, chown, lchown, lstat, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { clusterIn } from '../../../src/embedded-postgres/cluster.ts';
import { locationElsewhere } from '../../../src/embedded-postgres/location.ts';
import { isRoot } from '../../../src/embedded-postgres/server-user.ts';
import { test as base } from '../../support/embedded-postgres/fixtures.ts';
import { installWithoutScripts } from '../../support/embedded-postgres/installation.ts';
import { hasMark, leaveMark, query } from '../../support/embedded-postgres/probes.ts';

const NOBODY = 65_534;
/** As OpenShift assigns them: no user of the system has this id. */
const NAMELESS = 1_000_650_000;

/** Runs a process as an ordinary user: as `nobody` when the tests run as root, else as the current user. */
const ordinaryUser = isRoot() ? { uid: NOBODY } : {};

const test = base
  .extend('sharedInstallation', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'embedded-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    return installWithoutScripts(join(folder, 'app'));
  })
  .extend('installation', async ({ sharedInstallation }, { onCleanup }) => {
    await sharedInstallation.reset();
    onCleanup(sharedInstallation.reset);
    return sharedInstallation;
  });

describe('DATA_DIR in a private folder', () => {
  test('a DATA_DIR that only its owner may enter is used by that owner; for root the data goes elsewhere, the log names the folder, and the next start finds it', async ({
    workspace,
  }) => {
    await chmod(workspace.folder, 0o700);
    const location = isRoot() ? locationElsewhere(workspace.dataDir) : workspace.dataDir;

    const first = await workspace.start();
    expect(first.location).toBe(location);
    expect(workspace.log.some((line) => line.includes(`the data is in ${location}`))).toBe(isRoot());
    expect((await stat(clusterIn(location).data)).uid).not.toBe(0);
    const mark = await leaveMark(first.url);
    await first.close();

    // Opening the folder afterwards does not move the database.
    await chmod(workspace.folder, 0o755);
    const second = await workspace.start();
    expect(second.location).toBe(location);
    expect(await hasMark(second.url, mark)).toBe(true);
    await second.close();
  });
});

describe('an installation without install scripts', () => {
  test('the links between the native libraries are made at boot', async ({ initializedWorkspace, installation }) => {
    const service = initializedWorkspace.startInChild({ module: installation.module });
    const { url, log } = await service.reported('started');

    expect(await query(url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    const links = await Promise.all(installation.links.map((path) => lstat(path)));
    expect(links.every((link) => link.isSymbolicLink())).toBe(true);
    expect(log).toEqual([]);
  });

  test('an ordinary user who cannot write to the packages runs from a completed copy', async ({
    workspace,
    installation,
  }) => {
    await chmod(installation.lib, 0o555);
    await mkdir(workspace.dataDir);
    if (isRoot()) await chown(workspace.dataDir, NOBODY, NOBODY);

    const service = workspace.startInChild({ module: installation.module, ...ordinaryUser });
    const { url, location, log } = await service.reported('started');

    expect(await query(url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    expect(location).toBe(workspace.dataDir);
    expect((await stat(clusterIn(workspace.dataDir).data)).uid).toBe(isRoot() ? NOBODY : process.getuid?.());
    expect(log.join()).toContain(`running from a copy of its binaries in ${join(workspace.dataDir, 'binaries-')}`);
    service.send('close');
    await service.reported('closed');
    expect(await workspace.serverPid()).toBeNull();

    // The database keeps its owner even when root starts it.
    const again = await workspace.start();
    expect(again.adopted).toBe(false);
    await again.close();
    expect((await stat(clusterIn(workspace.dataDir).logFile)).uid).toBe(isRoot() ? NOBODY : process.getuid?.());
  });

  test('the binaries are copied to DATA_DIR when the server’s user cannot enter the packages’ folder', async ({
    initializedWorkspace,
    installation,
  }) => {
    await chmod(installation.folder, 0o700);

    const service = initializedWorkspace.startInChild({ module: installation.module });
    const { url, location } = await service.reported('started');

    expect(await query(url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
    expect(location).toBe(initializedWorkspace.dataDir);
    expect((await readdir(initializedWorkspace.dataDir)).some((name) => name.startsWith('binaries-'))).toBe(isRoot());
  });
});

describe('DATA_DIR without permission', () => {
  test('an ordinary user who may not write to DATA_DIR gets one line of instructions', async ({
    workspace,
    installation,
  }) => {
    await chmod(workspace.folder, 0o555);

    const service = workspace.startInChild({ module: installation.module, ...ordinaryUser });

    await expect(service.reported('started')).rejects.toThrow(
      /^embedded PostgreSQL: no permission to use .+: make the user who runs the service its owner, or set DATA_DIR .+$/,
    );
    await chmod(workspace.folder, 0o755);
  });
});

describe('a user id without a name, as in a container that runs under an arbitrary one', () => {
  test('such a user is told how to get a name; with a database that exists the server starts', async ({
    workspace,
  }) => {
    const nameless = isRoot() ? { uid: NAMELESS } : {};
    await mkdir(workspace.dataDir);
    if (isRoot()) {
      await chown(workspace.dataDir, NAMELESS, NAMELESS);
      await expect(workspace.startInChild(nameless).reported('started')).rejects.toThrow(
        /^embedded PostgreSQL: user id 1000650000 has no name, .*set DATABASE_URL to a PostgreSQL server$/,
      );
      await chown(workspace.dataDir, NOBODY, NOBODY);
    }
    const named = workspace.startInChild(ordinaryUser);
    await named.reported('started');
    named.send('close');
    await named.reported('closed');
    if (isRoot()) await chownAll(workspace.dataDir, NAMELESS);

    const service = workspace.startInChild(nameless);
    const { url } = await service.reported('started');
    expect(await query(url, 'SELECT 1 AS up')).toEqual([{ up: 1 }]);
  });
});

async function chownAll(folder: string, uid: number): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  await Promise.all(['.', ...files].map((file) => lchown(join(folder, file), uid, uid)));
}
