import { AgentLogConnectionRef, logPageArgs, parseLogPageArgs } from './agent-log.ts';
import { cursorOfId, pageArgs, parsePageArgs, present } from './arguments.ts';
import { builder } from './builder.ts';
import { RoomStatusRef } from './enums.ts';
import { connectionOf, toConnection } from './pagination.ts';
import { RoomRef, WorkflowRef } from './refs.ts';
import { WorkflowConnectionRef } from './workflow.ts';

RoomRef.implement({
  description: 'What a user works in. A room has one log and at most one unfinished workflow at a time.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUIDv7.' }),
    title: t.exposeString('title', {
      nullable: true,
      description:
        'The title passed to createRoom, or the beginning of the user input if startWorkflow created the room.',
    }),
    status: t.expose('status', { type: RoomStatusRef, description: 'The outcome or state of the latest workflow.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'A readable description of what went wrong; set only while the status is ERROR.',
    }),
    latestWorkflow: t.field({
      type: WorkflowRef,
      nullable: true,
      description: 'The newest workflow of the room; null if there is none yet.',
      resolve: (room, _args, { loaders }) => loaders.latestWorkflow.load(room.id),
    }),
    workflows: t.field({
      type: WorkflowConnectionRef,
      description: 'The workflows of the room, newest first.',
      args: pageArgs,
      resolve: async (room, args, { loaders }) => {
        const list = { kind: 'workflow', ownerId: room.id } as const;
        const slice = await loaders.roomWorkflows.load({ parentId: room.id, page: parsePageArgs(args, list) });
        return toConnection(slice, (workflow) => cursorOfId(list, workflow.id));
      },
    }),
    logs: t.field({
      type: AgentLogConnectionRef,
      description: "The room's log: the lines of all its workflows, oldest first.",
      args: logPageArgs,
      resolve: async (room, args, { loaders }) => {
        const slice = await loaders.roomLogs.load({ parentId: room.id, page: parseLogPageArgs(args, room.id) });
        return toConnection(slice, (line) => line.id);
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the room was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the title, status or error last changed.',
    }),
  }),
});

export const RoomConnectionRef = connectionOf('Room', RoomRef, 'A page of rooms, newest first.');

builder.queryField('room', (t) =>
  t.field({
    type: RoomRef,
    nullable: true,
    description: 'A room of the viewer; null if it does not exist or belongs to someone else.',
    args: { id: t.arg.id({ required: true, description: 'The id of the room.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.room.load(id),
  }),
);

const CreateRoomInputRef = builder.inputType('CreateRoomInput', {
  description: 'The input of createRoom.',
  fields: (t) => ({
    title: t.string({ description: 'A title of 1 to 200 characters, after trimming.' }),
  }),
});

builder.mutationField('createRoom', (t) =>
  t.field({
    type: RoomRef,
    description:
      'Creates an empty room. startWorkflow also creates one if it is not given a room, so calling this is optional.\n\n' +
      'Errors: INVALID_INPUT with extensions.field.',
    args: {
      input: t.arg({ type: CreateRoomInputRef, description: 'May be omitted.' }),
    },
    resolve: (_root, { input }, { workflows, viewerId }) =>
      workflows.createRoom(viewerId, present({ title: input?.title })),
  }),
);
