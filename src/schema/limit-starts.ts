import type { CountedBy, RateLimits } from '../orchestrator/ports/rate-limits.ts';
import type { WorkflowService } from '../orchestrator/workflow-service.ts';

/** The same service, which counts what it starts for whoever asks. */
export function limitStarts(service: WorkflowService, limits: RateLimits, who: readonly CountedBy[]): WorkflowService {
  const count = async () => {
    for (const by of who) await limits.start(by);
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
