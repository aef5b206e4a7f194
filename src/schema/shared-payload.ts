import type { GraphQLField } from 'graphql';

/**
 * For a subscription's `extensions`: what is told of an event depends on the event, the selection, its variables and
 * the viewer alone, and neither on the field's arguments (they decide which events come) nor on the connection. So it
 * is worked out once for all who watch alike.
 */
export const SHARED = { isShared: true };

export function isShared(field: GraphQLField<unknown, unknown>): boolean {
  return field.extensions['isShared'] === true;
}
