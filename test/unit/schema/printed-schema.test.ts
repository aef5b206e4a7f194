import { readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../../src/schema/index.ts';

describe('the API in code', () => {
  test('is the one printed in schema.graphql; `npm run schema:print` writes it', () => {
    const committed = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
    expect(`${printSchema(buildSchema())}\n`).toBe(committed);
  });

  test('describes every type, field, argument and enum value', () => {
    const types = Object.values(buildSchema().getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    const undescribed = [...types, ...types.flatMap(partsOf)].filter(({ description }) => !description);
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });
});

type Described = { name: string; description?: string | null | undefined };

function partsOf(type: GraphQLNamedType): Described[] {
  if (isEnumType(type)) return [...type.getValues()];
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (isObjectType(type)) return Object.values(type.getFields()).flatMap((field) => [field, ...field.args]);
  return [];
}
