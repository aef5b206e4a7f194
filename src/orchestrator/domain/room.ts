export const ROOM_STATUSES = ['idle', 'running', 'done', 'error'] as const;
export type RoomStatus = (typeof ROOM_STATUSES)[number];
