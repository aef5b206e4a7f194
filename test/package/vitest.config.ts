import { defineConfig } from 'vitest/config';

/** Not part of `npm test`, since it needs the npm registry: run it with `npm run test:package`. */
export default defineConfig({
  test: {
    name: 'package',
    globalSetup: ['test/package/support/install-package.ts'],
    include: ['test/package/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 300_000, // installs packages, and at the first run Chromium
  },
});
