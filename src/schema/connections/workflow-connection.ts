import { WorkflowRef } from '../types/refs.ts';
import { connectionOf } from './connection.ts';

export const WorkflowConnectionRef = connectionOf(
  'Workflow',
  WorkflowRef,
  "A page of a room's workflows, newest first.",
);
