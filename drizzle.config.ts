import { defineConfig } from 'drizzle-kit';

const url = process.env['DATABASE_URL'];

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/tables.ts',
  out: './src/db/migrations',
  ...(url === undefined ? {} : { dbCredentials: { url } }),
});
