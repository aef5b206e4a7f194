import { and, asc, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm';
import { isUuid } from '../../orchestrator/domain/cursor.ts';
import type { WorkflowReads } from '../../orchestrator/ports/reads.ts';

import { arrayLiteral, type Db } from '../client.ts';
import { stepColumns } from '../records.ts';
import { attempts, steps, workflows } from '../tables.ts';
import { anyOf } from './any-of.ts';

type StepReads = Pick<WorkflowReads, 'steps' | 'attempts' | 'results'>;

export function createStepReads(db: Db): StepReads {
  return {
    steps(viewerId, workflowIds) {
      return db
        .select(stepColumns)
        .from(steps)
        .innerJoin(workflows, eq(workflows.id, steps.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(steps.workflowId, workflowIds)))
        .orderBy(asc(steps.workflowId), asc(steps.agent));
    },

    attempts(viewerId, workflowIds) {
      return db
        .select(getTableColumns(attempts))
        .from(attempts)
        .innerJoin(workflows, eq(workflows.id, attempts.workflowId))
        .where(and(eq(workflows.viewerId, viewerId), anyOf(attempts.workflowId, workflowIds)))
        .orderBy(asc(attempts.workflowId), asc(attempts.agent), asc(attempts.number));
    },

    async results(viewerId, wanted) {
      const possible = wanted.filter(({ workflowId }) => isUuid(workflowId));
      const workflowIds = arrayLiteral(possible.map(({ workflowId }) => workflowId));
      const agents = arrayLiteral(possible.map(({ agent }) => agent));
      const rows = await db
        .select({ workflowId: steps.workflowId, agent: steps.agent, result: steps.result })
        .from(steps)
        .innerJoin(workflows, eq(workflows.id, steps.workflowId))
        .where(
          and(
            eq(workflows.viewerId, viewerId),
            isNotNull(steps.result),
            sql`(${steps.workflowId}, ${steps.agent}) in (select * from unnest(${workflowIds}::uuid[], ${agents}::agent_name[]))`,
          ),
        );
      return rows.flatMap(({ result, ...step }) => (result === null ? [] : [{ ...step, result }]));
    },
  };
}
