import { sql } from 'drizzle-orm';
import {
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AgentResult } from '../../orchestrator/domain/agent-input.ts';
import { UNFINISHED_STEP_STATUSES } from '../../orchestrator/domain/workflow.ts';
import { agentErrorCode, agentName, instant, oneOf, stepStatus } from './types.ts';
import { workflows } from './workflows.ts';

/* The steps of workflows, and the calls that are made for them. */

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
