import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs no services; `services` gets a PostgreSQL and a Redis from one global setup, which runs only
 * when a file of that project runs.
 */
export default defineConfig({
  // Resolves `graphql` to the build that Node loads for Pothos and Yoga. Vite would load the package's other build for the
  // project's own files, and graphql rejects a schema that another copy of itself created.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    pool: 'forks',
    // Tests with services mostly wait for PostgreSQL, Redis and timers, so more workers than cores are faster.
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
          // Unit tests leave no state behind, so test files share loaded modules.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: ['test/integration/**/*.test.ts', 'test/fault/**/*.test.ts', 'test/field/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
