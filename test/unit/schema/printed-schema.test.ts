import { readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import * as operations from '../../../examples/front-end/operations.ts';
import { printedSchema, schemaForClients } from '../../../scripts/support/schema-texts.ts';
import { buildSchema } from '../../../src/schema/index.ts';
import * as overview from '../../../web/overview/operations.ts';
import * as room from '../../../web/room/operations.ts';

const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the printed schema', () => {
  test('schema.graphql is what `npm run schema:print` writes', () => {
    expect(printedSchema()).toBe(committed('schema.graphql'));
  });

  test('the front-end’s types are what `npm run schema:print` writes', () => {
    expect(schemaForClients()).toBe(committed('examples/front-end/graphql-env.d.ts'));
    expect(schemaForClients()).toBe(committed('web/api/graphql-env.d.ts'));
  });

  test.each(Object.entries({ ...overview, ...room }))('the page’s operation %s is valid', (_name, operation) => {
    expect(validate(buildSchema(), operation)).toEqual([]);
  });

  test.each(Object.entries(operations))('the front-end’s operation %s is valid', (_name, operation) => {
    expect(validate(buildSchema(), operation)).toEqual([]);
  });

  test('every type, field, argument, input field, enum value and directive has a description', () => {
    const types = Object.values(buildSchema().getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    const directives = buildSchema()
      .getDirectives()
      .filter((directive) => !isSpecifiedDirective(directive));
    const all = [...types, ...types.flatMap(partsOf), ...directives, ...directives.flatMap(({ args }) => args)];
    const undescribed = all.filter(({ description }) => !description);
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });
});

type Described = { name: string; description?: string | null | undefined };

function partsOf(type: GraphQLNamedType): Described[] {
  if (isEnumType(type)) return [...type.getValues()];
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (isObjectType(type) || isInterfaceType(type))
    return Object.values(type.getFields()).flatMap((field) => [field, ...field.args]);
  return [];
}
