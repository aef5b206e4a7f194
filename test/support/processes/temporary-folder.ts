import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a folder that every user may enter, since PostgreSQL runs as another user when the tests run as root. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-test-'));
  await chmod(folder, 0o755);
  return folder;
}
