import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { buildSchema } from '../../../../src/schema/index.ts';
import { OPERATIONS } from '../../../../web/graphiql/operations.ts';

test.each(OPERATIONS)('the tab $name of GraphiQL is a valid operation', ({ query }) => {
  expect(validate(buildSchema(), parse(query))).toEqual([]);
});

test.each(OPERATIONS)(
  'the tab $name of GraphiQL declares exactly the ids that are filled in',
  ({ query, variables }) => {
    const [operation] = parse(query).definitions;
    const declared = operation?.kind === 'OperationDefinition' ? (operation.variableDefinitions ?? []) : [];
    expect(declared.map(({ variable }) => variable.name.value)).toEqual(variables);
  },
);

test.each(OPERATIONS)('the instructions of the tab $name fit into the editor of a small screen', ({ query }) => {
  const instructions = query.split('\n').filter((line) => line.startsWith('#'));
  expect(instructions.length).toBeGreaterThan(0);
  expect(instructions.length).toBeLessThanOrEqual(2);
  for (const line of instructions) expect(line.length).toBeLessThanOrEqual(50);
});
