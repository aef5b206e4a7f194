import type { GraphQLField } from 'graphql';

/**
 * The `extensions` of a subscription field whose payload depends only on the event, the selection, its variables and
 * the viewer: not on the field's arguments, which only select events, nor on the connection. The server executes and
 * serializes such an event once for all subscriptions that agree in those.
 */
export const SHARED_PAYLOAD = { hasSharedPayload: true };

export function hasSharedPayload(field: GraphQLField<unknown, unknown>): boolean {
  return field.extensions['hasSharedPayload'] === true;
}
