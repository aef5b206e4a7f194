import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` is pure and needs nothing; `services` gets a real PostgreSQL and a real Redis from one global
 * set-up, which runs only when a file of that project does.
 */
export default defineConfig({
  // The graphql that Node loads for Pothos and Yoga. Vite would give our own files the package's other build, and
  // graphql refuses a schema that another copy of itself has made.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    pool: 'forks',
    // The services' tests mostly wait for Postgres, Redis and clocks, so more of them than cores pay off.
    maxWorkers: 3,
    teardownTimeout: 30_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html', 'json-summary'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          pool: 'threads',
          // Pure tests leave nothing behind, so the files share what they load.
          isolate: false,
          testTimeout: 5_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['test/integration/**/*.test.ts', 'test/fault/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
