import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../../../examples/front-end', import.meta.url));

export type FrontEnd = { url: string; close(): Promise<void> };

/** Builds examples/front-end for production and serves it. */
export async function startFrontEnd(): Promise<FrontEnd> {
  const outDir = await mkdtemp(join(tmpdir(), 'test-front-end-'));
  const config: InlineConfig = {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  };
  await build(config);
  const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } });
  const [url = ''] = server.resolvedUrls?.local ?? [];
  return {
    url,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
