import type { RoomRecord, WorkflowRecord } from '../../../src/orchestrator/ports/records.ts';

const createdAt = new Date('2026-11-22T14:34:00.000Z');

export const room: RoomRecord = {
  id: '0197a000-0000-7000-8000-000000000001',
  viewerId: 'alice',
  title: null,
  status: 'running',
  error: null,
  createdAt,
  updatedAt: createdAt,
};

export const workflow: WorkflowRecord = {
  id: '0197a000-0000-7000-8000-000000000002',
  roomId: room.id,
  viewerId: 'alice',
  status: 'queued',
  userInput: 'x',
  language: null,
  variation: null,
  retryOfId: null,
  version: 1,
  logStartSeq: 0,
  logEndSeq: null,
  createdAt,
  updatedAt: createdAt,
  startedAt: null,
  finishedAt: null,
};
