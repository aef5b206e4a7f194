import { Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';
import { parseInstant } from './instant.ts';

builder.scalarType('DateTime', {
  description:
    'A time in ISO 8601, always in UTC and with milliseconds: `2026-11-22T14:34:00.000Z`. An argument in any other ' +
    'format is INVALID_INPUT.',
  serialize: (instant) => instant.toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node: ValueNode) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

builder.scalarType('JSON', {
  description:
    'Any JSON value: an object, array, string, number, boolean or null. Numbers keep their digits, even those that ' +
    'JavaScript cannot hold.',
  serialize: (value) => value,
  parseValue: (value) => value,
});
