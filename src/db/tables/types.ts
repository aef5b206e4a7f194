import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, customType, pgEnum, timestamp } from 'drizzle-orm/pg-core';
import { AGENT_NAMES, AGENT_TYPES } from '../../orchestrator/domain/agents.ts';
import { AGENT_ERROR_CODES } from '../../orchestrator/domain/failure.ts';
import { LOG_LEVELS } from '../../orchestrator/domain/log-line.ts';
import {
  ROOM_STATUSES,
  STEP_STATUSES,
  UNFINISHED_WORKFLOW_STATUSES,
  WORKFLOW_STATUSES,
} from '../../orchestrator/domain/workflow.ts';

/* The enums and column types that the tables share. */

export const roomStatus = pgEnum('room_status', ROOM_STATUSES);
export const workflowStatus = pgEnum('workflow_status', WORKFLOW_STATUSES);
export const stepStatus = pgEnum('step_status', STEP_STATUSES);
export const agentName = pgEnum('agent_name', AGENT_NAMES);
export const agentType = pgEnum('agent_type', AGENT_TYPES);
export const agentErrorCode = pgEnum('agent_error_code', AGENT_ERROR_CODES);
export const logLevel = pgEnum('log_level', LOG_LEVELS);

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
export const oneOf = (column: AnyPgColumn, names: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(names.map((name) => `'${name}'`).join(', '))})`;
export const unfinished = (status: AnyPgColumn): SQL => oneOf(status, UNFINISHED_WORKFLOW_STATUSES);
