import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { buildSchema } from '../../../../src/schema/index.ts';
import { DEFAULT_TABS } from '../../../../src/server/graphiql/default-tabs.ts';

test.each(DEFAULT_TABS)('the default tab is a valid operation: $query', ({ query }) => {
  expect(validate(buildSchema(), parse(query))).toEqual([]);
});

test.each(DEFAULT_TABS)(
  'the instructions of the default tab fit into the editor of a small screen: $query',
  ({ query }) => {
    const instructions = query.split('\n').filter((line) => line.startsWith('#'));
    expect(instructions).not.toHaveLength(0);
    for (const line of instructions) expect(line.length).toBeLessThanOrEqual(50);
  },
);
