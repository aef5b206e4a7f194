import type postgres from 'postgres';
import type { Fragment } from '../../../src/db/client.ts';

export type RawNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Rows Removed by Filter'?: number;
  Plans?: RawNode[];
};

/** A node of a query plan after execution. */
export type PlanNode = {
  type: string;
  relation: string | null;
  index: string | null;
  /** Rows per loop, including those that a filter removed. */
  rows: number;
  /** Pages of 8 KB that this node and its children read. */
  blocks: number;
};

/** Runs the statement, rolls it back, and returns the plan that Postgres followed. */
export async function planOf(client: postgres.Sql, statement: Fragment): Promise<RawNode> {
  const rollback = Symbol('rollback');
  let plan: RawNode | undefined;
  await client
    .begin(async (tx) => {
      const [row] = await tx<{ 'QUERY PLAN': { Plan: RawNode }[] }[]>`
        explain (analyze, buffers, format json) ${statement}`;
      plan = row?.['QUERY PLAN'][0]?.Plan;
      throw rollback;
    })
    .catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  if (plan === undefined) throw new Error('PostgreSQL returned no plan');
  return plan;
}

/** The nodes of a plan, parents before children. */
export function nodesOf(plan: RawNode): PlanNode[] {
  const node = {
    type: plan['Node Type'],
    relation: plan['Relation Name'] ?? null,
    index: plan['Index Name'] ?? null,
    rows: plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0),
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
  };
  return [node, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
