import { builder } from '../builder.ts';
import { refusedToRoomToken } from '../room-scope.ts';
import { ViewerRef } from '../types/refs.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who asks. A room token speaks for no viewer: UNAUTHENTICATED.',
    resolve: (_root, _args, { viewerId, onlyRoomId }) => {
      if (onlyRoomId !== null) throw refusedToRoomToken();
      return { id: viewerId };
    },
  }),
);
