import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, since it needs the package registry: `npm run test:package`. */
export default defineConfig({
  test: {
    name: 'package',
    globalSetup: ['test/package/support/install.ts'],
    include: ['test/package/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 300_000, // the first run may install Chromium; packages are installed too
  },
});
