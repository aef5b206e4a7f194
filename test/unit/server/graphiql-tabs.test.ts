import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { buildSchema } from '../../../src/schema/index.ts';
import { DEFAULT_TABS } from '../../../src/server/graphiql-tabs.ts';

test.each(DEFAULT_TABS)('what GraphiQL has typed in is valid: $query', ({ query }) => {
  expect(validate(buildSchema(), parse(query))).toEqual([]);
});
