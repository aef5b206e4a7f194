import type { CountedBy, RateLimits } from '../orchestrator/ports/rate-limits.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';

/**
 * The same service with rate-limited starts and retries.
 * @param countedBy each start counts against all of these
 */
export function countStarts(
  service: WorkflowService,
  limits: RateLimits,
  countedBy: readonly CountedBy[],
): WorkflowService {
  const count = async () => {
    for (const by of countedBy) await limits.start(by);
  };
  return {
    ...service,
    async start(viewerId, input) {
      await count();
      return service.start(viewerId, input);
    },
    async retry(viewerId, workflowId, input) {
      await count();
      return service.retry(viewerId, workflowId, input);
    },
  };
}
