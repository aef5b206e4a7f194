import type { Fragment, Sql } from '../client.ts';

/**
 * Whether fewer than `maxRunning` workflows of the viewer are running; always true for 0, which is no limit.
 * @param viewerId a value, or an expression that holds it.
 */
export const isBelowRunLimit = (client: Sql, viewerId: string | Fragment, maxRunning: number): Fragment => client`
  (${maxRunning}::int = 0 or ${maxRunning} > (
    select count(*) from workflows where workflows.viewer_id = ${viewerId} and status = 'running'
  ))`;
