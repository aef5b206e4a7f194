import type { LogLine } from '../../client/operations.ts';

const LINE_FIELDS = 'id seq timestamp agentType level message metadata';

export const LOG_PAGE = `query LogPage($roomId: ID!, $first: Int!, $after: String) {
  room(id: $roomId) {
    logs(first: $first, after: $after) { edges { node { ${LINE_FIELDS} } } pageInfo { hasNextPage endCursor } }
  }
}`;
export type LogPage = {
  room: {
    logs: { edges: { node: LogLine }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  } | null;
};

export const ROOM_LOG = `subscription RoomLog($roomId: ID!, $after: ID) {
  agentLogs(roomId: $roomId, after: $after) { ${LINE_FIELDS} }
}`;
export type RoomLog = { agentLogs: LogLine };
