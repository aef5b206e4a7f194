import { isWorkflowFinished } from '../orchestrator/domain/workflow.ts';
import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import type { WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { Hub } from './hub.ts';
import { readRows } from './read-rows.ts';

type Deps = { hub: Hub; workflows: Pick<WorkflowReads, 'byIds'> };

/** The workflow as it is now, then after each change, with a growing `version`. Ends when the workflow has ended. */
export function watchWorkflow(
  { hub, workflows }: Deps,
  viewerId: string,
  { id, roomId }: WorkflowRecord,
): PipeableIterator<WorkflowRecord> {
  let version = -1;
  return readRows(hub, roomId, async () => {
    const [workflow] = await workflows.byIds(viewerId, [id]);
    if (workflow === undefined) return { items: [], isDone: true };
    const isNewer = workflow.version > version;
    version = Math.max(version, workflow.version);
    return { items: isNewer ? [workflow] : [], isDone: isWorkflowFinished(workflow.status) };
  });
}
