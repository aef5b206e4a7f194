import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { buildSchema } from '../src/schema/index.ts';

/** Writes the API as it is in code to schema.graphql, where each change of it shows in review. */
writeFileSync(fileURLToPath(new URL('../schema.graphql', import.meta.url)), `${printSchema(buildSchema())}\n`);
