import { Kind, type ValueNode } from 'graphql';
import { builder } from './builder.ts';
import { parseInstant } from './instant.ts';

builder.scalarType('DateTime', {
  description:
    'An instant in ISO 8601, always in UTC and always with milliseconds: `2026-11-22T14:34:00.000Z`. Any other form ' +
    'is refused as an argument: INVALID_INPUT.',
  serialize: (instant) => instant.toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node: ValueNode) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

builder.scalarType('JSON', {
  description: 'Any JSON value, as it is: an object, a list, a string, a number, true, false or null.',
  serialize: (value) => value,
  parseValue: (value) => value,
});
