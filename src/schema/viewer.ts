import { cursorOfId, pageArgs, parsePageArgs, present } from './arguments.ts';
import { builder } from './builder.ts';
import { RoomStatusRef } from './enums.ts';
import { toConnection } from './pagination.ts';
import { ActivityRef, ViewerRef } from './refs.ts';
import { RewardConnectionRef } from './reward.ts';
import { RoomConnectionRef } from './room.ts';
import { notForRoomTokens } from './room-scope.ts';

ActivityRef.implement({
  description: "A viewer's unfinished workflows.",
  fields: (t) => ({
    running: t.exposeInt('running', { description: 'Workflows that are running.' }),
    queued: t.exposeInt('queued', {
      description: "Workflows that wait until fewer of the viewer's workflows are running.",
    }),
    oldestQueuedAt: t.expose('oldestQueuedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of the queued workflows was created; null if none is queued.',
    }),
  }),
});

ViewerRef.implement({
  description: 'The user who sent the request.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'The `sub` claim of the token, or `local` if the service does not require tokens.',
    }),
    tokenBalance: t.int({
      description: 'The sum of all rewards, in whole HHCW tokens.',
      resolve: (viewer, _args, { reads }) => reads.rewards.balance(viewer.id),
    }),
    activity: t.field({
      type: ActivityRef,
      description: "How many of the viewer's workflows are running and queued.",
      resolve: (viewer, _args, { reads }) => reads.workflows.activity(viewer.id),
    }),
    rewards: t.field({
      type: RewardConnectionRef,
      description: "The viewer's rewards, newest first.",
      args: pageArgs,
      resolve: async (viewer, args, { reads }) => {
        const list = { kind: 'reward', ownerId: viewer.id } as const;
        const slice = await reads.rewards.list(viewer.id, parsePageArgs(args, list));
        return toConnection(slice, (reward) => cursorOfId(list, reward.id));
      },
    }),
    rooms: t.field({
      type: RoomConnectionRef,
      description: "The viewer's rooms, newest first.",
      args: {
        ...pageArgs,
        status: t.arg({ type: RoomStatusRef, description: 'Only rooms with this status.' }),
      },
      resolve: async (viewer, { status, ...args }, { reads }) => {
        const list = { kind: 'room', ownerId: viewer.id } as const;
        const slice = await reads.rooms.list(viewer.id, { ...parsePageArgs(args, list), ...present({ status }) });
        return toConnection(slice, (room) => cursorOfId(list, room.id));
      },
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'The user who sent the request. Not available with a room token (UNAUTHENTICATED).',
    resolve: (_root, _args, { viewerId, onlyRoomId }) => {
      if (onlyRoomId !== null) throw notForRoomTokens();
      return { id: viewerId };
    },
  }),
);
