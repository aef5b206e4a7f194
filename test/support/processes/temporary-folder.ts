import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder that every user may enter: where tests run as root, PostgreSQL runs as another. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-test-'));
  await chmod(folder, 0o755);
  return folder;
}
