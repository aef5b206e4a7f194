import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { rooms } from './rooms.ts';
import { instant, unfinished, workflowStatus } from './types.ts';

/* Workflows and what they lead to. */

export const workflows = pgTable(
  'workflows',
  {
    id: uuid('id').primaryKey(),
    roomId: uuid('room_id').notNull(),
    /** The room's owner, repeated so that idempotency keys can be unique per viewer; the foreign key keeps both equal. */
    viewerId: text('viewer_id').notNull(),
    status: workflowStatus('status').notNull(),
    userInput: text('user_input').notNull(),
    language: text('language'),
    variation: integer('variation'),
    retryOfId: uuid('retry_of_id'),
    idempotencyKey: text('idempotency_key'),
    /** The arguments sent with the key: the same key with others is refused. */
    idempotentRequest: text('idempotent_request'),
    version: integer('version').notNull().default(1),
    logStartSeq: bigint('log_start_seq', { mode: 'number' }).notNull(),
    logEndSeq: bigint('log_end_seq', { mode: 'number' }),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    foreignKey({
      name: 'workflows_in_own_room',
      columns: [t.viewerId, t.roomId],
      foreignColumns: [rooms.viewerId, rooms.id],
    }),
    uniqueIndex('workflows_one_unfinished_a_room').on(t.roomId).where(unfinished(t.status)),
    unique('workflows_of_viewer').on(t.viewerId, t.id),
    unique('workflows_in_room').on(t.roomId, t.id),
    foreignKey({
      name: 'workflows_retry_in_same_room',
      columns: [t.roomId, t.retryOfId],
      foreignColumns: [t.roomId, t.id],
    }),
    unique('workflows_idempotency').on(t.viewerId, t.idempotencyKey),
    index('workflows_unfinished_of_viewer').on(t.viewerId, t.status, t.id).where(unfinished(t.status)),
    check('workflows_key_with_request', sql`(${t.idempotencyKey} is null) = (${t.idempotentRequest} is null)`),
    check('workflows_finish', sql`(${unfinished(t.status)}) = (${t.finishedAt} is null)`),
    check('workflows_log_end', sql`(${t.finishedAt} is null) = (${t.logEndSeq} is null)`),
    check('workflows_start', sql`${t.status} not in ('running', 'succeeded', 'failed') or ${t.startedAt} is not null`),
    check('workflows_queued', sql`${t.status} <> 'queued' or ${t.startedAt} is null`),
    check('workflows_log_range', sql`${t.logStartSeq} >= 0 and ${t.logEndSeq} > ${t.logStartSeq}`),
  ],
);

export const deployments = pgTable(
  'deployments',
  {
    workflowId: uuid('workflow_id').primaryKey(),
    roomId: uuid('room_id').notNull(),
    deploymentUrl: text('deployment_url').notNull(),
    codeCid: text('code_cid'),
    completedAt: instant('completed_at').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'deployments_in_own_room',
      columns: [t.roomId, t.workflowId],
      foreignColumns: [workflows.roomId, workflows.id],
    }),
    index('deployments_of_room').on(t.roomId, t.completedAt),
  ],
);

/** At most one reward per workflow. */
export const rewards = pgTable(
  'rewards',
  {
    id: uuid('id').primaryKey(),
    viewerId: text('viewer_id').notNull(),
    workflowId: uuid('workflow_id').notNull().unique('rewards_one_a_workflow'),
    amount: integer('amount').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({
      name: 'rewards_of_own_workflow',
      columns: [t.viewerId, t.workflowId],
      foreignColumns: [workflows.viewerId, workflows.id],
    }),
    index('rewards_of_viewer').on(t.viewerId, t.id),
    check('rewards_positive', sql`${t.amount} > 0`),
  ],
);
