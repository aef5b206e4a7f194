import { AgentLogRef } from '../types/refs.ts';
import { connectionOf } from './connection.ts';

export const AgentLogConnectionRef = connectionOf(
  'AgentLog',
  AgentLogRef,
  "A page of a room's log, oldest line first.",
);
