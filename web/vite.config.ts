import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** `npm run build:page` writes the page to where the server reads it. */
export default defineConfig({
  root: path('.'),
  // Relative addresses: a proxy may add a prefix.
  base: './',
  // Operations are sent as they are written, so the page needs no parser and no printer.
  resolve: { alias: [{ find: /^(graphql|gql\.tada)$/, replacement: path('./build/document-texts.ts') }] },
  // Also where NODE_ENV is something else: React's other build is three times as large.
  define: { 'process.env.NODE_ENV': JSON.stringify('production') },
  oxc: { jsx: { development: false } },
  plugins: [compress()],
  logLevel: 'warn',
  build: {
    outDir: path('../src/server/page/built'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    // How long plugins take says nothing to whoever installs.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
