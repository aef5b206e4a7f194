import type { IncomingMessage } from 'node:http';
import { AGENT_TYPES } from '../../orchestrator/domain/agents.ts';
import { LOG_LEVELS } from '../../orchestrator/domain/log-line.ts';
import type { AgentLogsArgs, LogFilter } from '../../orchestrator/ports/log.ts';
import { invalidInput, RequestError } from '../../orchestrator/request-error.ts';

/** `events`: live, as server-sent events. `ndjson`: the lines written so far, as one JSON object per line. */
export type RoomLogFormat = 'events' | 'ndjson';
export type RoomLogPath = { roomId: string; format: RoomLogFormat };

/** Parses /rooms/:roomId/logs and /rooms/:roomId/logs.ndjson; null for any other path. */
export function parseRoomLogPath(path: string): RoomLogPath | null {
  const [, roomId, ndjson] = /^\/rooms\/([^/]+)\/logs(\.ndjson)?$/.exec(path) ?? [];
  // An escaped id is not decoded: it is not a UUID, so there is no such room.
  return roomId === undefined ? null : { roomId, format: ndjson === undefined ? 'events' : 'ndjson' };
}

/**
 * Reads the query parameters, which are named like the arguments of the subscription `agentLogs`, and the id of the last
 * event. That wins over `after`: an EventSource that reconnects sends it along with the original URL.
 * @throws {RequestError} INVALID_INPUT naming the parameter
 */
export function parseLogArgs(req: IncomingMessage): Omit<AgentLogsArgs, 'roomId'> {
  const query = queryOf(req);
  const after = lastEventId(req)?.id ?? query.get('after');
  const workflowId = query.get('workflowId');
  return {
    ...(after === null ? {} : { after }),
    ...(workflowId === null ? {} : { workflowId }),
    ...parseNames('agentTypes', AGENT_TYPES, query),
    ...parseNames('levels', LOG_LEVELS, query),
  };
}

const queryOf = ({ url }: IncomingMessage) => new URLSearchParams(url?.split('?', 2)[1] ?? '');

/**
 * How polyfills spell the parameter, since they cannot always send the header: `lastEventId` (event-source-polyfill),
 * `evs_last_event_id` (amvtek), `lastEventID` and `Last-Event-ID` (Mercure).
 */
const LAST_EVENT_ID = /^(evs_)?last[-_]?event[-_]?id$/i;

/**
 * The id of the last event that the client received, and by which name it was sent; null if it was not. The header wins:
 * a browser sends the current id in it, while the parameter may be part of the page's URL. Of several parameters the
 * last wins: polyfills append theirs.
 */
function lastEventId(req: IncomingMessage): { id: string; name: string } | null {
  const header = req.headers['last-event-id'];
  if (typeof header === 'string' && header !== '') return { id: header, name: 'Last-Event-ID' };
  const [name, id] = [...queryOf(req)].findLast(([key]) => LAST_EVENT_ID.test(key)) ?? [];
  return name === undefined || id === undefined || id === '' ? null : { id, name };
}

/** Names the header or parameter in an error about `after` if the value came from there. */
export function nameLastEventId(error: unknown, req: IncomingMessage): unknown {
  const name = lastEventId(req)?.name;
  if (!(error instanceof RequestError) || error.details['field'] !== 'after' || name === undefined) return error;
  return new RequestError(error.code, error.message.replace(/^after/, name), { field: name });
}

/** Accepts the API's names, in upper case, separated by commas or as repeated parameters. */
function parseNames<K extends keyof LogFilter, T extends string>(
  field: K,
  names: readonly T[],
  query: URLSearchParams,
): { [P in K]?: T[] } {
  const given = query.getAll(field).flatMap((text) => text.split(','));
  const found = given.filter((text) => text !== '').map((text) => names.find((name) => name.toUpperCase() === text));
  const known = found.filter((name) => name !== undefined);
  if (known.length < found.length) {
    throw invalidInput(field, `must be one or more of ${names.join(', ').toUpperCase()}, separated by commas`);
  }
  return (known.length === 0 ? {} : { [field]: known }) as { [P in K]?: T[] };
}
