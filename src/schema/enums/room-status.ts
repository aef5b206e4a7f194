import { ROOM_STATUSES } from '../../orchestrator/domain/room.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const RoomStatusRef = builder.enumType('RoomStatus', {
  description: 'Where a room stands: what its latest workflow made of it.',
  values: enumValues(ROOM_STATUSES, {
    idle: 'Nothing runs: no workflow was started yet, or the latest one was cancelled.',
    running: 'A workflow is queued or running; another cannot be started.',
    done: 'All four agents of the latest workflow succeeded.',
    error: 'An agent of the latest workflow failed; `Room.error` says which and why.',
  }),
});
