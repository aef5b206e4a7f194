import type { ObjectRef } from '@pothos/core';
import type { Slice } from '../orchestrator/ports/reads.ts';
import { unknownCursor } from './arguments.ts';
import { builder, type SchemaTypes } from './builder.ts';

type Edge<T> = { cursor: string; node: T };

type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

type Connection<T> = { edges: Edge<T>[]; pageInfo: PageInfo };

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'The position of a page in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether the list has items after this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the list has items before this page.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first item; null if the page is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last item; null if the page is empty.',
    }),
  }),
});

/** Declares `<name>Connection` and `<name>Edge`. */
export function connectionOf<T extends object>(name: string, node: ObjectRef<SchemaTypes, T>, description: string) {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: 'An item of a list with its cursor.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: 'Opaque. Pass it as `after` to get the items that follow.',
      }),
      node: t.field({
        type: node,
        description: 'The item.',
        // `never`: Pothos cannot work out the type while `T` is open.
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        description: "The items of the page, in the list's order.",
        resolve: (page) => page.edges,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'The position of the page in the list.',
        resolve: (page) => page.pageInfo,
      }),
    }),
  });
}

/** @throws {RequestError} INVALID_INPUT with the name of the cursor argument, if the list never had its item */
export function toConnection<T>({ items, ...slice }: Slice<T>, cursorOf: (item: T) => string): Connection<T> {
  if (slice.unknownCursor !== undefined) throw unknownCursor(slice.unknownCursor);
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
