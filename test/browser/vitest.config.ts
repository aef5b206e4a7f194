import { defineConfig } from 'vitest/config';

/** Not part of `npm test`, since it needs Chromium: run it with `npm run test:browser`. */
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 300_000, // the first run may install Chromium
  },
});
