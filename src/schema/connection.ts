import type { ObjectRef } from '@pothos/core';
import type { Slice } from '../orchestrator/ports/reads.ts';
import { builder, type SchemaTypes } from './builder.ts';
import { foreignCursor } from './page-args.ts';

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
  if (slice.unknownCursor !== undefined) throw foreignCursor(slice.unknownCursor);
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

export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'The list has items after this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'The list has items before this page.' }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: "The cursor of the page's first item; null when the page is empty.",
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: "The cursor of the page's last item; null when the page is empty.",
    }),
  }),
});
