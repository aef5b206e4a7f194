import { builder } from '../builder.ts';

export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

export const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
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
