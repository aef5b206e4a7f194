import { present } from '../args/present.ts';
import { builder } from '../builder.ts';
import { CreateRoomInputRef } from '../inputs/create-room-input.ts';
import { RoomRef } from '../types/refs.ts';

builder.mutationField('createRoom', (t) =>
  t.field({
    type: RoomRef,
    description:
      'Makes a room in which nothing runs yet. startWorkflow makes one as well, so this can be left out.\n\n' +
      'Errors: INVALID_INPUT, with extensions.field.',
    args: {
      input: t.arg({ type: CreateRoomInputRef, description: 'What it is made of; nothing needs to be said.' }),
    },
    resolve: (_root, { input }, { workflows, viewerId }) =>
      workflows.createRoom(viewerId, present({ title: input?.title })),
  }),
);
