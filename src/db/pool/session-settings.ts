/**
 * Settings of the session that this service relies on. An administrator may have set each of them otherwise, for a
 * database or a role; poolers refuse most of them as parameters of the connection.
 */
const SETTINGS = {
  // How values are written and read.
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // The migrations create everything there.
  search_path: 'public',
  // Conflicts are found by row locks and versions.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // A refused statement must not end the session, and nothing but this service ends its sessions and transactions.
  exit_on_error: 'off',
  lock_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  client_min_messages: 'warning',
};

/** What the first statement of a session reports. */
export type Session = {
  /** Identifies the server process, and so the session. */
  id: string;
  is_read_only: boolean;
};

/**
 * The first statement of a session: it changes the settings that differ. Settings that the server does not know are left
 * out: `transaction_timeout` came with PostgreSQL 17.
 */
export function sessionStatement(statementTimeoutMs: number): string {
  const settings = Object.entries({ ...SETTINGS, statement_timeout: String(statementTimeoutMs) });
  return `
    select count(pg_catalog.set_config(name, value, false)) as changed, ${SESSION_COLUMNS}
    from (values ${settings.map(([name, value]) => `('${name}', '${value}')`).join(', ')}) as wanted (name, value)
    where pg_catalog.current_setting(name, true) operator(pg_catalog.<>) value`;
}

/** A standby is read-only too. */
const SESSION_COLUMNS = `
  pg_catalog.pg_backend_pid() || ' ' || pg_catalog.pg_postmaster_start_time() as id,
  pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on' as is_read_only`;

/** Asks for the session once more. */
export const SESSION_AGAIN = `select ${SESSION_COLUMNS}`;

export const READ_ONLY = 'the server is read-only: it is a standby, or default_transaction_read_only is on';
