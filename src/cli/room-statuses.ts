export const ROOM_STATUSES = ['idle', 'running', 'done', 'error'] as const;
