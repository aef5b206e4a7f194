import type { Config } from '../config/parse-config.ts';
import { whyNotReady } from '../db/database-readiness.ts';
import type { WorkflowEngine } from '../orchestrator/workflow-engine.ts';
import type { OpenDatabase } from './open-database.ts';
import type { OpenRedis } from './open-pubsub.ts';
import type { ReadinessCheck } from './readiness.ts';

/** What must work for this process to do its job. */
export function readinessChecks(
  config: Config,
  database: OpenDatabase,
  redis: OpenRedis | null,
  engine: WorkflowEngine,
): Record<string, ReadinessCheck> {
  return {
    database: () => whyNotReady(database),
    ...(redis !== null && { redis: async () => redis.watch.problem()?.summary ?? null }),
    ...(config.role !== 'api' && {
      worker: async () =>
        engine.isTakingSteps() ? null : 'it takes no steps: it is starting, or cannot reach PostgreSQL',
    }),
  };
}
