/**
 * Builds the page (web/) to src/server/page/built and GraphiQL (web/graphiql/) to src/server/graphiql/built, from where
 * the service serves them: npm run build:page
 */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

for (const config of ['../web/vite.config.ts', '../web/graphiql/vite.config.ts']) {
  await build({ configFile: fileURLToPath(new URL(config, import.meta.url)) });
}
