import { AgentLogConnectionRef, logPage, logPageArgs } from './agent-log.ts';
import { builder } from './builder.ts';
import { connectionOf, toConnection } from './connection.ts';
import { RoomStatusRef } from './enums.ts';
import { cursorOfId, newestFirst, pageArgs } from './page-args.ts';
import { present } from './present.ts';
import { RoomRef, WorkflowRef } from './refs.ts';
import { WorkflowConnectionRef } from './workflow.ts';

RoomRef.implement({
  description: 'What a viewer works in. It has at most one unfinished workflow at a time, and one log.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'As the viewer called it; null when it has no title.',
    }),
    status: t.expose('status', { type: RoomStatusRef, description: 'What its latest workflow made of it.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'What went wrong, for a person; set exactly while the status is ERROR.',
    }),
    latestWorkflow: t.field({
      type: WorkflowRef,
      nullable: true,
      description: 'The newest of its workflows; null before the first.',
      resolve: (room, _args, { loaders }) => loaders.latestWorkflow.load(room.id),
    }),
    workflows: t.field({
      type: WorkflowConnectionRef,
      description: 'Its workflows, newest first.',
      args: pageArgs,
      resolve: async (room, args, { loaders }) => {
        const list = { kind: 'workflow', ownerId: room.id } as const;
        const slice = await loaders.roomWorkflows.load({ parentId: room.id, page: newestFirst(args, list) });
        return toConnection(slice, (workflow) => cursorOfId(list, workflow.id));
      },
    }),
    logs: t.field({
      type: AgentLogConnectionRef,
      description: 'Its log: the lines of all its workflows, oldest first. Without `last`, from the first line on.',
      args: logPageArgs,
      resolve: async (room, args, { loaders }) => {
        const slice = await loaders.roomLogs.load({ parentId: room.id, page: logPage(args, room.id) });
        return toConnection(slice, (line) => line.id);
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When its title, status or error last changed.',
    }),
  }),
});

export const RoomConnectionRef = connectionOf('Room', RoomRef, 'A page of rooms, newest first.');

builder.queryField('room', (t) =>
  t.field({
    type: RoomRef,
    nullable: true,
    description: "A room of the viewer's; null when it does not exist or is another's: the two look the same.",
    args: { id: t.arg.id({ required: true, description: 'The id of the room.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.room.load(id),
  }),
);

const CreateRoomInputRef = builder.inputType('CreateRoomInput', {
  description: 'What a room is made of.',
  fields: (t) => ({
    title: t.string({ description: 'What to call it, 1 to 200 characters once trimmed; it has no title unless told.' }),
  }),
});

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
