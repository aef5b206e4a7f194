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
