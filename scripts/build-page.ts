/** Builds the page (web/) to src/server/page/built, from where the service serves it: npm run build:page */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({ configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)) });
