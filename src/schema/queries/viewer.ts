import { builder } from '../builder.ts';
import { ViewerRef } from '../types/refs.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who asks.',
    resolve: (_root, _args, { viewerId }) => ({ id: viewerId }),
  }),
);
