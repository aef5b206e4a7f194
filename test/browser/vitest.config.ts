import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, since it needs a Chromium: `npm run test:browser`. One file at a time, as one person would. */
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
