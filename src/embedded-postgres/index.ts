export type { EmbeddedPostgres } from './embedded-postgres.ts';
export { EmbeddedPostgresError } from './embedded-postgres-error.ts';
export { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start-embedded-postgres.ts';
