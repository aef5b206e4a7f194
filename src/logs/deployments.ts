import { isWorkflowFinished } from '../orchestrator/domain/workflow.ts';
import type { PipeableIterator } from '../orchestrator/ports/log.ts';
import type { WorkflowReads } from '../orchestrator/ports/reads.ts';
import type { DeploymentRecord, WorkflowRecord } from '../orchestrator/ports/records.ts';
import type { Hub } from './hub.ts';
import { readRows } from './read-rows.ts';

type Deps = {
  hub: Hub;
  workflows: Pick<WorkflowReads, 'byIds' | 'latestByRooms' | 'deployments' | 'deploymentsAfter'>;
};
type Deployments = PipeableIterator<DeploymentRecord>;

/** A workflow's deployment, whenever it completed, then the end; just the end when the workflow ends without one. */
export function watchDeploymentOfWorkflow(
  { hub, workflows }: Deps,
  viewerId: string,
  { id, roomId }: WorkflowRecord,
): Deployments {
  return readRows(hub, roomId, async () => {
    // In this order: a workflow seen as finished has the deployment that is read after it, or never will.
    const [workflow] = await workflows.byIds(viewerId, [id]);
    const items = await workflows.deployments(viewerId, [id]);
    return { items, isDone: items.length > 0 || workflow === undefined || isWorkflowFinished(workflow.status) };
  });
}

/**
 * Each deployment of a room that completes from now on; with `since` also those completed after that instant, oldest
 * first. `since` is compared in ms, as clients see `completedAt`: one that passes back the time of the last deployment
 * it saw does not get that one again. One that lies in the future takes nothing away.
 *
 * Deployments of a room complete one after the other, since one of its workflows is unfinished at a time. So the time
 * of the last one told is a cursor; whatever shares its millisecond is known by its workflow.
 */
export async function watchDeploymentsOfRoom(
  { hub, workflows }: Deps,
  viewerId: string,
  roomId: string,
  since: Date | null,
): Promise<Deployments> {
  // Earlier workflows ended before the latest began, by the same clock.
  const [latest] = await workflows.latestByRooms(viewerId, [roomId]);
  let cursor = earlier(latest?.createdAt ?? new Date(0), since);
  const existing = await workflows.deploymentsAfter(roomId, cursor);
  const isOld = ({ completedAt }: DeploymentRecord) => since === null || completedAt.getTime() <= since.getTime();
  let told = new Set(existing.filter(isOld).map(({ workflowId }) => workflowId));

  return readRows(hub, roomId, async () => {
    const rows = await workflows.deploymentsAfter(roomId, cursor);
    const items = rows.filter(({ workflowId }) => !told.has(workflowId));
    const newest = rows.at(-1);
    if (newest !== undefined) {
      cursor = newest.completedAt;
      told = new Set(rows.map(({ workflowId }) => workflowId));
    }
    return { items, isDone: false };
  });
}

function earlier(a: Date, b: Date | null): Date {
  return b !== null && b < a ? b : a;
}
