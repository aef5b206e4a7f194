import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AGENT_TYPES } from '../../orchestrator/domain/agents.ts';
import { LOG_LEVELS } from '../../orchestrator/domain/log-line.ts';
import { invalidInput, RequestError } from '../../orchestrator/errors.ts';
import type { AgentLogsArgs, LogFilter } from '../../orchestrator/ports/log.ts';

/** `events`: server-sent events that go on; `ndjson`: what is written so far, one JSON object a line. */
export type RoomLogFormat = 'events' | 'ndjson';
export type RoomLogPath = { roomId: string; format: RoomLogFormat };

/** /rooms/:roomId/logs and /rooms/:roomId/logs.ndjson; null for any other path. */
export function parseRoomLogPath(path: string): RoomLogPath | null {
  const [, roomId, ndjson] = /^\/rooms\/([^/]+)\/logs(\.ndjson)?$/.exec(path) ?? [];
  // An escaped id is no UUID, and so a room that does not exist.
  return roomId === undefined ? null : { roomId, format: ndjson === undefined ? 'events' : 'ndjson' };
}

/**
 * What is asked for by the query, which has the names of the subscription `agentLogs`, and by Last-Event-ID. That
 * header wins over `after`: an EventSource that comes back sends it along with the address it was given at first.
 * @throws {RequestError} INVALID_INPUT naming the parameter
 */
export function roomLogArgs({ url, headers }: IncomingMessage): Omit<AgentLogsArgs, 'roomId'> {
  const query = new URLSearchParams(url?.split('?', 2)[1] ?? '');
  const after = lastEventId(headers) ?? query.get('after');
  const workflowId = query.get('workflowId');
  return {
    ...(after === null ? {} : { after }),
    ...(workflowId === null ? {} : { workflowId }),
    ...named('agentTypes', AGENT_TYPES, query),
    ...named('levels', LOG_LEVELS, query),
  };
}

const lastEventId = (headers: IncomingHttpHeaders): string | null => {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
};

/** What was wrong with `after`, said of the header where that was given in its place. */
export function inTermsOfRequest(error: unknown, { headers }: IncomingMessage): unknown {
  if (!(error instanceof RequestError) || error.details['field'] !== 'after' || lastEventId(headers) === null) {
    return error;
  }
  return new RequestError(error.code, error.message.replace(/^after/, 'Last-Event-ID'), { field: 'Last-Event-ID' });
}

/** Names as in the API, in upper case, separated by commas or given one by one. */
function named<K extends keyof LogFilter, T extends string>(
  field: K,
  names: readonly T[],
  query: URLSearchParams,
): { [P in K]?: T[] } {
  const wanted = query.getAll(field).flatMap((text) => text.split(','));
  const found = wanted.filter((text) => text !== '').map((text) => names.find((name) => name.toUpperCase() === text));
  const known = found.filter((name) => name !== undefined);
  if (known.length < found.length) {
    throw invalidInput(field, `must be of ${names.join(', ').toUpperCase()}, separated by commas`);
  }
  return (known.length === 0 ? {} : { [field]: known }) as { [P in K]?: T[] };
}
