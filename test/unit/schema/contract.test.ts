import { readFileSync } from 'node:fs';
import { buildSchema as buildFromText, findBreakingChanges, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../../src/schema/index.ts';
import { factsOf } from './schema-facts.ts';

const contract = buildFromText(readFileSync(new URL('./contract.graphql', import.meta.url), 'utf8'));

/** What a front-end written against the contract would miss. */
function missingFrom(schema: GraphQLSchema): string[] {
  const facts = new Set(factsOf(schema));
  return factsOf(contract).filter((fact) => !facts.has(fact));
}

describe('the public contract', () => {
  test('the API has every name, argument, type, nullability, default and enum value of the contract', () => {
    expect(missingFrom(buildSchema())).toEqual([]);
  });

  test('the API requires nothing that the contract does not have', () => {
    expect(findBreakingChanges(contract, buildSchema())).toEqual([]);
  });

  test('the comparison notices a missing field and a different nullability', () => {
    const text = readFileSync(new URL('./contract.graphql', import.meta.url), 'utf8');
    const changed = buildFromText(text.replace('tokenBalance: Int!', 'tokenBalance: Int').replace('version: Int!', ''));
    expect(missingFrom(changed)).toEqual(['Viewer.tokenBalance: Int!', 'Workflow.version: Int!']);
  });
});
