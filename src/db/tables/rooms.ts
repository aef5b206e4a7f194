import { sql } from 'drizzle-orm';
import { bigint, check, index, json, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { LogMetadata } from '../../orchestrator/domain/log-line.ts';
import { agentType, instant, logLevel, roomStatus } from './types.ts';

/* Viewers, their rooms, and the log of each room. */

/** One row per viewer, which is locked to start or end one of the viewer's workflows. */
export const viewers = pgTable('viewers', {
  id: text('id').primaryKey(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

export const rooms = pgTable(
  'rooms',
  {
    id: uuid('id').primaryKey(),
    viewerId: text('viewer_id')
      .notNull()
      .references(() => viewers.id),
    title: text('title'),
    status: roomStatus('status').notNull().default('idle'),
    error: text('error'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('rooms_of_viewer').on(t.viewerId, t.id),
    index('rooms_of_viewer_by_status').on(t.viewerId, t.status, t.id),
    check('rooms_error', sql`(${t.status} = 'error') = (${t.error} is not null)`),
  ],
);

/**
 * The last `seq` of each room's log; always the last lock of a transaction. Rows are rewritten often, so their pages are
 * left half empty (by a migration: Drizzle cannot express it).
 */
export const roomLogHeads = pgTable('room_log_heads', {
  roomId: uuid('room_id')
    .primaryKey()
    .references(() => rooms.id),
  lastSeq: bigint('last_seq', { mode: 'number' }).notNull(),
});

/** Without foreign keys, which Postgres would check for every line. Only src/db/sql/append.ts inserts lines. */
export const logLines = pgTable(
  'log_lines',
  {
    roomId: uuid('room_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    workflowId: uuid('workflow_id').notNull(),
    timestamp: instant('timestamp').notNull(),
    agentType: agentType('agent_type').notNull(),
    level: logLevel('level').notNull(),
    message: text('message').notNull(),
    metadata: json('metadata').$type<LogMetadata>(),
  },
  (t) => [primaryKey({ columns: [t.roomId, t.seq] }), check('log_lines_from_one', sql`${t.seq} >= 1`)],
);
