import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, instant } from './types.ts';

/* What the service keeps for itself and for the built-in agents. */

/** What the built-in agents published, by CID. */
export const contents = pgTable('contents', {
  cid: text('cid').primaryKey(),
  contentType: text('content_type').notNull(),
  bytes: bytea('bytes').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** What must still reach another system: a row is deleted once it has. */
export const outbox = pgTable(
  'outbox',
  {
    topic: text('topic').notNull(),
    key: text('key').notNull(),
    attempt: integer('attempt').notNull(),
    /** When the next attempt is due, or when the one in progress counts as abandoned; null: there is no further one. */
    availableAt: instant('available_at'),
    /** Why the last attempt failed. */
    error: text('error'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.topic, t.key] }),
    index('outbox_available').on(t.topic, t.availableAt).where(sql`${t.availableAt} is not null`),
    check('outbox_attempt', sql`${t.attempt} >= 0`),
  ],
);

/**
 * What models answered to paid requests, so that none is paid twice. Without an answer, the row is a claim: its holder is
 * paying, unless the claim has run out.
 */
export const paidAnswers = pgTable(
  'paid_answers',
  {
    id: text('id').primaryKey(),
    /** JSON as text: it is only read back as a whole. */
    answer: text('answer'),
    isReported: boolean('is_reported').notNull().default(false),
    holder: uuid('holder').notNull(),
    claimedUntil: instant('claimed_until').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [index('paid_answers_by_age').on(t.createdAt)],
);

/** Random keys that all processes share, created by the first that needs one. */
export const signingKeys = pgTable('signing_keys', {
  name: text('name').primaryKey(),
  key: bytea('key').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** What one process has read for all of them, such as the load that metrics show. */
export const sharedReadings = pgTable('shared_readings', {
  name: text('name').primaryKey(),
  readAt: instant('read_at').notNull(),
  data: json('data').notNull(),
});
