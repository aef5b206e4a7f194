import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, since it needs the package registry: `npm run test:package`. */
export default defineConfig({
  test: {
    name: 'package',
    globalSetup: ['test/package/support/install.ts'],
    include: ['test/package/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
