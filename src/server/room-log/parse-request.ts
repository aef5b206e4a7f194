import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
 * Reads the query parameters, which are named like the arguments of the subscription `agentLogs`, and Last-Event-ID.
 * That header wins over `after`: an EventSource that reconnects sends it along with the original URL.
 * @throws {RequestError} INVALID_INPUT naming the parameter
 */
export function parseLogArgs({ url, headers }: IncomingMessage): Omit<AgentLogsArgs, 'roomId'> {
  const query = new URLSearchParams(url?.split('?', 2)[1] ?? '');
  const after = lastEventId(headers) ?? query.get('after');
  const workflowId = query.get('workflowId');
  return {
    ...(after === null ? {} : { after }),
    ...(workflowId === null ? {} : { workflowId }),
    ...parseNames('agentTypes', AGENT_TYPES, query),
    ...parseNames('levels', LOG_LEVELS, query),
  };
}

const lastEventId = (headers: IncomingHttpHeaders): string | null => {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
};

/** Names the header in an error about `after` if the value came from Last-Event-ID. */
export function nameLastEventId(error: unknown, { headers }: IncomingMessage): unknown {
  if (!(error instanceof RequestError) || error.details['field'] !== 'after' || lastEventId(headers) === null) {
    return error;
  }
  return new RequestError(error.code, error.message.replace(/^after/, 'Last-Event-ID'), { field: 'Last-Event-ID' });
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
