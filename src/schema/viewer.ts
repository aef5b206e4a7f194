import { builder } from './builder.ts';
import { toConnection } from './connection.ts';
import { RoomStatusRef } from './enums.ts';
import { cursorOfId, newestFirst, pageArgs } from './page-args.ts';
import { present } from './present.ts';
import { ViewerRef } from './refs.ts';
import { RewardConnectionRef } from './reward.ts';
import { RoomConnectionRef } from './room.ts';
import { refusedToRoomToken } from './room-scope.ts';

ViewerRef.implement({
  description: 'Who asks, and what is theirs.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The subject of the viewer's token; `local` where nobody needs one." }),
    tokenBalance: t.int({
      description: 'The sum of all rewards, in whole HHCW tokens.',
      resolve: (viewer, _args, { reads }) => reads.rewards.balance(viewer.id),
    }),
    rewards: t.field({
      type: RewardConnectionRef,
      description: 'Rewards paid to the viewer, newest first.',
      args: pageArgs,
      resolve: async (viewer, args, { reads }) => {
        const list = { kind: 'reward', ownerId: viewer.id } as const;
        const slice = await reads.rewards.list(viewer.id, newestFirst(args, list));
        return toConnection(slice, (reward) => cursorOfId(list, reward.id));
      },
    }),
    rooms: t.field({
      type: RoomConnectionRef,
      description: 'Rooms of the viewer, newest first.',
      args: {
        ...pageArgs,
        status: t.arg({ type: RoomStatusRef, description: 'Only rooms with this status; all unless told.' }),
      },
      resolve: async (viewer, { status, ...args }, { reads }) => {
        const list = { kind: 'room', ownerId: viewer.id } as const;
        const slice = await reads.rooms.list(viewer.id, { ...newestFirst(args, list), ...present({ status }) });
        return toConnection(slice, (room) => cursorOfId(list, room.id));
      },
    }),
  }),
});

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
