import { execFile } from 'node:child_process';
import { access, chmod, constants, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Returns the path of a program that tests need. Looks on PATH; as root on Debian or Ubuntu, it installs what is missing.
 * @throws {Error} with instructions, so that no test is skipped for lack of a program
 */
export async function programFromDebian(program: string, debianPackage: string): Promise<string> {
  const found = await findProgram(program);
  if (found !== null) return found;
  const howTo = `the tests need ${program} on PATH: apt-get install ${debianPackage} (Debian, Ubuntu), or brew install it`;
  if (process.getuid?.() !== 0 || (await findProgram('apt-get')) === null) throw new Error(howTo);

  console.log(`installing ${debianPackage} with apt-get, since there is no ${program} on PATH`);
  try {
    await aptInstall(debianPackage);
  } catch (error) {
    const lastLine = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`${howTo} (apt-get failed here: ${lastLine})`, { cause: error });
  }
  const installed = await findProgram(program);
  if (installed === null) throw new Error(howTo);
  return installed;
}

async function findProgram(program: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return null;
}

/** Installs a package without starting its services, since tests start their own servers on free ports. */
async function aptInstall(debianPackage: string): Promise<void> {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
  const apt = (...args: string[]) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-q', ...args], options);
  const forbidsServices = await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { flag: 'wx' }).then(
    () => chmod(POLICY, 0o755).then(() => true),
    () => false, // the machine already has a policy, as containers do
  );
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', debianPackage);
  } finally {
    if (forbidsServices) await rm(POLICY);
  }
}
