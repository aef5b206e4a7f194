import type { GetColumnData } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

type RecordOf<TColumns extends Record<string, AnyPgColumn>> = {
  [Key in keyof TColumns]: GetColumnData<TColumns[Key]>;
};

/** A row as the driver gives it, under Postgres' names, as the record that the columns describe. */
export function fromRow<TColumns extends Record<string, AnyPgColumn>>(
  columns: TColumns,
  row: Record<string, unknown>,
): RecordOf<TColumns> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => {
      const value = row[column.name] ?? null;
      return [key, value === null ? null : column.mapFromDriverValue(value)];
    }),
  ) as RecordOf<TColumns>;
}
