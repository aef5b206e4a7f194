import { type ApiOptions, callApi } from '../api.ts';
import { EXIT } from '../exit-codes.ts';
import type { ROOM_STATUSES } from '../room-statuses.ts';
import { printable, truncate } from '../text.ts';

export type RoomsOptions = ApiOptions & { status?: (typeof ROOM_STATUSES)[number]; limit: number; json?: true };

const ROOMS = `query Rooms($first: Int!, $status: RoomStatus) {
  viewer {
    rooms(first: $first, status: $status) {
      edges { node { id title status error createdAt latestWorkflow { id status } } }
    }
  }
}`;
type Room = {
  id: string;
  title: string | null;
  status: string;
  error: string | null;
  createdAt: string;
  latestWorkflow: { id: string; status: string } | null;
};
type Rooms = { viewer: { rooms: { edges: { node: Room }[] } } };

const TITLE_WIDTH = 60;

/** @returns the exit code */
export function printRooms({ status, limit, json, ...access }: RoomsOptions): Promise<number> {
  return callApi(access, async ({ api }) => {
    const variables = { first: limit, status: status?.toUpperCase() ?? null };
    const { viewer } = await api.execute<Rooms>(ROOMS, variables);
    const rooms = viewer.rooms.edges.map(({ node }) => node);
    for (const room of rooms) console.log(json ? JSON.stringify(room) : render(room));
    if (rooms.length === 0 && !json) console.log('There are no such rooms.');
    return EXIT.done;
  });
}

function render({ id, title, status, createdAt, latestWorkflow }: Room): string {
  const workflow = latestWorkflow?.id ?? 'no workflow yet'.padEnd(id.length);
  const shortTitle = truncate(printable(title ?? ''), TITLE_WIDTH);
  return `${id}  ${status.toLowerCase().padEnd(7)}  ${createdAt}  ${workflow}  ${shortTitle}`.trimEnd();
}
