import { present } from '../args/present.ts';
import { toConnection } from '../connections/connection.ts';
import { cursorOfId } from '../connections/cursors.ts';
import { newestFirst, pageArgs } from '../connections/page-args.ts';
import { RewardConnectionRef } from '../connections/reward-connection.ts';
import { RoomConnectionRef } from '../connections/room-connection.ts';
import { RoomStatusRef } from '../enums/room-status.ts';
import { ViewerRef } from './refs.ts';

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
