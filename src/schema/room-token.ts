import { parseTtl } from '../orchestrator/inputs.ts';
import { roomNotFound } from '../orchestrator/request-error.ts';
import { builder } from './builder.ts';
import { RoomTokenRef } from './refs.ts';

RoomTokenRef.implement({
  description: 'A token that lets anyone who has it read one room.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        'Send it as `?token=` of a GET request, as `Authorization: Bearer <token>`, or in ' +
        'connectionParams.authorization.',
    }),
    roomId: t.exposeID('roomId', { description: 'The room that can be read with it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the token expires. Connections that use it are closed then.',
    }),
  }),
});

const DEFAULT_TTL_S = 3_600;

builder.mutationField('createRoomToken', (t) =>
  t.field({
    type: RoomTokenRef,
    description:
      'Creates a token for read-only access to one room: for sharing the room by link, and for EventSource, which ' +
      'cannot send headers. It is the only kind of token accepted in a URL (`?token=`). It cannot be revoked, so keep ' +
      'its lifetime short.\n\n' +
      'Errors: ROOM_NOT_FOUND; INVALID_INPUT with extensions.field.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The room to give access to.' }),
      ttl: t.arg.int({
        description: `Lifetime in seconds, from 1 to 86,400 (one day). Defaults to ${DEFAULT_TTL_S.toLocaleString('en')}.`,
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
