import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { introspectionFromSchema, printSchema } from 'graphql';
import { buildSchema } from '../../src/schema/index.ts';

/** schema.graphql */
export const printedSchema = () => `${printSchema(buildSchema())}\n`;

/**
 * The schema as a type, from which gql.tada infers the type of each operation. Its own program would write the same,
 * but needs a TypeScript before 7.
 */
export function schemaForClients(): string {
  const introspection = minifyIntrospection(introspectionFromSchema(buildSchema()));
  const text = outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
  // Without its own comments, and without the part that would make this the schema of a whole program.
  const [types] = /^export type introspection_types = \{.*?^\};$/ms.exec(text) ?? [];
  const [schema] = /^export type introspection = \{.*?^\};$/ms.exec(text) ?? [];
  if (types === undefined || schema === undefined) throw new Error('gql.tada writes a schema in another way now');
  return `/* Written by \`npm run schema:print\`. */\n${types}\n${schema}\n`;
}
