import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AgentResult } from '../orchestrator/domain/agent-input.ts';
import { AGENT_NAMES, AGENT_TYPES } from '../orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES } from '../orchestrator/domain/failure.ts';
import { LOG_LEVELS, type LogMetadata } from '../orchestrator/domain/log-line.ts';
import {
  ROOM_STATUSES,
  STEP_STATUSES,
  UNFINISHED_STEP_STATUSES,
  UNFINISHED_WORKFLOW_STATUSES,
  WORKFLOW_STATUSES,
} from '../orchestrator/domain/workflow.ts';

/*
 * Constraints make wrong states impossible. Enums are built from the domain's lists. Instants have the precision of the
 * API (ms), so that a value which a client sends back compares equal. `json` stores what agents sent unchanged; `jsonb`
 * would refuse \u0000.
 */

export const roomStatus = pgEnum('room_status', ROOM_STATUSES);
export const workflowStatus = pgEnum('workflow_status', WORKFLOW_STATUSES);
export const stepStatus = pgEnum('step_status', STEP_STATUSES);
export const agentName = pgEnum('agent_name', AGENT_NAMES);
export const agentType = pgEnum('agent_type', AGENT_TYPES);
export const agentErrorCode = pgEnum('agent_error_code', AGENT_ERROR_CODES);
export const logLevel = pgEnum('log_level', LOG_LEVELS);

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const oneOf = (column: AnyPgColumn, names: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(names.map((name) => `'${name}'`).join(', '))})`;
const unfinished = (status: AnyPgColumn): SQL => oneOf(status, UNFINISHED_WORKFLOW_STATUSES);

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

/** A process that calls agents. If it was not seen for a while, it is dead, and others may take its steps. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  startedAt: instant('started_at').notNull().defaultNow(),
  seenAt: instant('seen_at').notNull().defaultNow(),
});

export const steps = pgTable(
  'steps',
  {
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id),
    agent: agentName('agent').notNull(),
    status: stepStatus('status').notNull().default('pending'),
    attempt: integer('attempt').notNull().default(0),
    interruptions: integer('interruptions').notNull().default(0),
    result: json('result').$type<AgentResult>(),
    error: text('error'),
    errorCode: agentErrorCode('error_code'),
    /** When the next attempt is due, as the API shows it; set while the step waits to retry. */
    nextAttemptAt: instant('next_attempt_at'),
    /** When the reconciler may dispatch the step. Set while the step is ready; only then may it be taken. */
    availableAt: instant('available_at'),
    /** The lease: which worker may write the outcome. The number grows with each taking. */
    leaseWorkerId: uuid('lease_worker_id'),
    leaseNumber: integer('lease_number').notNull().default(0),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workflowId, t.agent] }),
    // It contains only steps that should be moving, so the reconciler's cost does not grow with history.
    index('steps_available').on(t.availableAt).where(sql`${t.availableAt} is not null`),
    index('steps_leased').on(t.leaseWorkerId).where(sql`${t.leaseWorkerId} is not null`),
    check('steps_counts', sql`${t.attempt} >= 0 and ${t.interruptions} >= 0 and ${t.leaseNumber} >= 0`),
    check('steps_attempted', sql`${t.status} not in ('running', 'waiting_to_retry', 'failed') or ${t.attempt} >= 1`),
    check('steps_result', sql`(${t.status} = 'succeeded') = (${t.result} is not null)`),
    check('steps_error', sql`(${t.errorCode} is null) = (${t.error} is null)`),
    check('steps_failed', sql`${t.status} <> 'failed' or ${t.errorCode} is not null`),
    check('steps_wait', sql`(${t.status} = 'waiting_to_retry') = (${t.nextAttemptAt} is not null)`),
    check('steps_ready', sql`${t.availableAt} is null or ${oneOf(t.status, UNFINISHED_STEP_STATUSES)}`),
    check('steps_lease', sql`${t.leaseWorkerId} is null or ${t.status} = 'running'`),
    check('steps_finish', sql`(${t.status} in ('succeeded', 'failed', 'cancelled')) = (${t.finishedAt} is not null)`),
  ],
);

export const attempts = pgTable(
  'attempts',
  {
    workflowId: uuid('workflow_id').notNull(),
    agent: agentName('agent').notNull(),
    number: integer('number').notNull(),
    startedAt: instant('started_at').notNull().defaultNow(),
    finishedAt: instant('finished_at'),
    error: text('error'),
    errorCode: agentErrorCode('error_code'),
    httpStatus: integer('http_status'),
  },
  (t) => [
    primaryKey({ columns: [t.workflowId, t.agent, t.number] }),
    foreignKey({ columns: [t.workflowId, t.agent], foreignColumns: [steps.workflowId, steps.agent] }),
    // By the begin, since that never changes: the end of a call that succeeds must not touch the index.
    index('attempts_failed').on(t.startedAt, t.agent).where(sql`${t.errorCode} is not null`),
    check('attempts_from_one', sql`${t.number} >= 1`),
    check('attempts_error', sql`(${t.errorCode} is null) = (${t.error} is null)`),
    check('attempts_end', sql`${t.errorCode} is null or ${t.finishedAt} is not null`),
  ],
);

/** What the calls of models cost, as an agent reported it: one row per call, since a repeated call has another lease. */
export const usages = pgTable(
  'usages',
  {
    workflowId: uuid('workflow_id').notNull(),
    agent: agentName('agent').notNull(),
    leaseNumber: integer('lease_number').notNull(),
    attempt: integer('attempt').notNull(),
    model: text('model'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    images: integer('images'),
    costUsd: doublePrecision('cost_usd'),
    /** What counts for the limit: the part that was reported, also when the cost as a whole is unknown. */
    knownCostUsd: doublePrecision('known_cost_usd').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workflowId, t.agent, t.leaseNumber] }),
    foreignKey({ columns: [t.workflowId, t.agent], foreignColumns: [steps.workflowId, steps.agent] }),
    check(
      'usages_not_negative',
      sql`${t.inputTokens} >= 0 and ${t.outputTokens} >= 0 and ${t.images} >= 0 and ${t.costUsd} >= 0 and ${t.knownCostUsd} >= 0`,
    ),
  ],
);

/**
 * Text that agents stream while they work: what the step's last call has written to a channel, or an earlier call, if the
 * last one has written nothing there. Only src/db/output-writer.ts writes it.
 */
export const stepOutputs = pgTable(
  'step_outputs',
  {
    workflowId: uuid('workflow_id').notNull(),
    agent: agentName('agent').notNull(),
    channel: text('channel').notNull(),
    attempt: integer('attempt').notNull(),
    /** The lease of the call that wrote the text. */
    leaseNumber: integer('lease_number').notNull(),
    text: text('text').notNull(),
    /** Of the text, in UTF-16 units. */
    length: integer('length').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workflowId, t.agent, t.channel] }),
    foreignKey({
      name: 'step_outputs_of_step',
      columns: [t.workflowId, t.agent],
      foreignColumns: [steps.workflowId, steps.agent],
    }),
    check('step_outputs_counts', sql`${t.attempt} >= 1 and ${t.leaseNumber} >= 1 and ${t.length} >= 1`),
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
