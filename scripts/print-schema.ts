import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedSchema, schemaForClients } from './support/schema-texts.ts';

/** Writes the API as it is in code to schema.graphql, where each change of it shows in review, and as a client's types. */
const write = (path: string, text: string) =>
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
write('schema.graphql', printedSchema());
write('examples/front-end/graphql-env.d.ts', schemaForClients());
