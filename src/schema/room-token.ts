import { roomNotFound } from '../orchestrator/errors.ts';
import { parseTtl } from '../orchestrator/inputs.ts';
import { builder } from './builder.ts';
import { RoomTokenRef } from './refs.ts';

RoomTokenRef.implement({
  description: 'Shows one room, read only, to whoever has it.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'Sent as `?token=` of a GET, as `Authorization: Bearer <token>`, or in connectionParams.authorization.',
    }),
    roomId: t.exposeID('roomId', { description: 'The room that it shows.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends, and what is open by it.' }),
  }),
});

const DEFAULT_TTL_S = 3_600;

builder.mutationField('createRoomToken', (t) =>
  t.field({
    type: RoomTokenRef,
    description:
      'Makes a token that shows this room, read only, for a while: to share a view, and for EventSource, which cannot ' +
      'send headers. It is the one token that may stand in an address, as `?token=` of a GET. It cannot be called ' +
      'back, so let it be short.\n\n' +
      'Errors: ROOM_NOT_FOUND; INVALID_INPUT, with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room that it shows.' }),
      ttl: t.arg.int({
        description: `For how long, in seconds: 1 to 86,400, a day; ${DEFAULT_TTL_S.toLocaleString('en')} unless told.`,
      }),
    },
    resolve: async (_root, { roomId, ttl }, { loaders, viewerId, issueRoomToken }) => {
      const ttlSeconds = parseTtl(ttl ?? DEFAULT_TTL_S);
      const room = await loaders.room.load(roomId);
      if (room === null) throw roomNotFound();
      return { ...(await issueRoomToken(viewerId, room.id, ttlSeconds)), roomId: room.id };
    },
  }),
);
