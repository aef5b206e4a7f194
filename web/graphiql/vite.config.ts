import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compress } from '../build/compress.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** GraphiQL, apart from the page: it parses documents, and its editor is large. */
export default defineConfig({
  root: path('.'),
  base: './',
  define: { 'process.env.NODE_ENV': JSON.stringify('production') },
  oxc: { jsx: { development: false } },
  // The best compression would take longer than the rest of the build.
  plugins: [compress({ quality: 6 })],
  logLevel: 'warn',
  worker: { format: 'es' },
  build: {
    outDir: path('../../src/server/graphiql/built'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The editor is one large part.
    chunkSizeWarningLimit: 10_000,
    license: { fileName: 'licenses.md' },
    // Neither says anything to whoever installs: how long plugins take, and directives of packages for server rendering.
    rolldownOptions: { checks: { pluginTimings: false, moduleLevelDirective: false } },
  },
});
