/**
 * Writes the GraphQL API to schema.graphql, where a review shows every change of it, and as types for the example front
 * end and for the page. A unit test fails if they differ.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedSchema, schemaForClients } from './support/schema-texts.ts';

const write = (path: string, text: string) =>
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
write('schema.graphql', printedSchema());
write('examples/front-end/graphql-env.d.ts', schemaForClients());
write('web/api/graphql-env.d.ts', schemaForClients());
