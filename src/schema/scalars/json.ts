import { builder } from '../builder.ts';

builder.scalarType('JSON', {
  description: 'Any JSON value, as it is: an object, a list, a string, a number, true, false or null.',
  serialize: (value) => value,
  parseValue: (value) => value,
});
