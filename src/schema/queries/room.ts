import { builder } from '../builder.ts';
import { RoomRef } from '../types/refs.ts';

builder.queryField('room', (t) =>
  t.field({
    type: RoomRef,
    nullable: true,
    description: "A room of the viewer's; null when it does not exist or is another's: the two look the same.",
    args: { id: t.arg.id({ required: true, description: 'The id of the room.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.room.load(id),
  }),
);
