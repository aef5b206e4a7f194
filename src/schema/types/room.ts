import { AgentLogConnectionRef } from '../connections/agent-log-connection.ts';
import { toConnection } from '../connections/connection.ts';
import { cursorOfId } from '../connections/cursors.ts';
import { logPage, logPageArgs } from '../connections/log-page-args.ts';
import { newestFirst, pageArgs } from '../connections/page-args.ts';
import { WorkflowConnectionRef } from '../connections/workflow-connection.ts';
import { RoomStatusRef } from '../enums/room-status.ts';
import { RoomRef, WorkflowRef } from './refs.ts';

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
