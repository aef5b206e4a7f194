import type { ObjectRef } from '@pothos/core';
import type { Slice } from '../../orchestrator/ports.ts';
import { builder, type SchemaTypes } from '../builder.ts';
import { foreignCursor } from './cursors.ts';
import { type PageInfo, PageInfoRef } from './page-info.ts';

type Edge<T> = { cursor: string; node: T };
type Connection<T> = { edges: Edge<T>[]; pageInfo: PageInfo };

/** Declares `<name>Connection` and `<name>Edge`. */
export function connectionOf<T extends object>(name: string, node: ObjectRef<SchemaTypes, T>, description: string) {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: 'An item of the list and its place there.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: 'Opaque. Passed as `after`, the page begins with the next item.',
      }),
      node: t.field({
        type: node,
        description: 'The item itself.', // `never`: what Pothos makes of the type cannot be worked out while `T` is open.
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        description: "The page's items, in the list's order.",
        resolve: (page) => page.edges,
      }),
      pageInfo: t.field({ type: PageInfoRef, description: 'Where the page lies.', resolve: (page) => page.pageInfo }),
    }),
  });
}

/** @throws {RequestError} INVALID_INPUT naming the cursor that the page was asked for by, and that is not the list's */
export function toConnection<T>({ items, ...slice }: Slice<T>, cursorOf: (item: T) => string): Connection<T> {
  if (slice.unknownPlace !== undefined) throw foreignCursor(slice.unknownPlace);
  const edges = items.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: slice.hasNext,
      hasPreviousPage: slice.hasPrevious,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
