import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { isUuid } from '../../orchestrator/domain/cursor.ts';
import { arrayLiteral } from '../client.ts';

/**
 * The column holds one of the ids. They are one parameter, so the statement is the same however many there are. What
 * is no UUID names no row and is left out, where Postgres would refuse the whole statement.
 */
export function anyOf(column: AnyPgColumn, ids: readonly string[]): SQL {
  const possible = new Set(ids.filter(isUuid));
  return sql`${column} = any(${arrayLiteral([...possible])}::uuid[])`;
}
