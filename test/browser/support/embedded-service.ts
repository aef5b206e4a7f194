import { rm } from 'node:fs/promises';
import { type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';

/** The service with its built-in database and agents, in a temporary data directory that `stop` removes. */
export async function startEmbeddedService(env: Record<string, string> = {}): Promise<ServiceProcess> {
  const dataDir = await makeTemporaryFolder();
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const service = await startService({ DATA_DIR: dataDir, ...env }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    ...service,
    async stop(signal) {
      const ended = await service.stop(signal);
      await remove();
      return ended;
    },
  };
}
