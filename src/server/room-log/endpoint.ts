import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { LogLine } from '../../orchestrator/domain/log-line.ts';
import { roomNotFound } from '../../orchestrator/errors.ts';
import type { RoomLogs } from '../../orchestrator/ports/log.ts';
import { type GuardedStream, guardStream } from '../graphql/guard-stream.ts';
import type { MaskError } from '../graphql/mask-error.ts';
import { type OpenStreams, onceClosed } from '../graphql/open-streams.ts';
import type { OriginRule } from '../http/allowed-origins.ts';
import { admitPage } from '../http/cors.ts';
import { sendError, sendMasked } from '../http/reply.ts';
import type { Admission } from '../http/request-guard.ts';
import { sendStream } from '../http/send-stream.ts';
import { type SocketLimits, takeStream } from '../limits/socket-limits.ts';
import type { ServerLog } from '../options.ts';
import { beginEvents, commentRegularly, createLineBytes } from './encode-line.ts';
import { inTermsOfRequest, type RoomLogPath, roomLogArgs } from './request.ts';

export type RoomLogEndpointOptions = {
  logs: RoomLogs;
  admission: Admission;
  mask: MaskError;
  originRule: OriginRule;
  openStreams: OpenStreams;
  socketLimits: SocketLimits;
  log: ServerLog;
  /** Between two comments of an event stream, in ms. */
  commentMs: number;
  /** A client that takes nothing of what is sent to it for so long is cut, in ms. */
  stuckMs: number;
};

type Lines = GuardedStream<LogLine>;
type Opened = {
  lines: Lines;
  expiresAtMs: number | undefined;
  /** For the watcher of a workflow, once it has ended: the id of its last line, which may not have been selected. */
  lastId: () => Promise<string | null>;
};

const METHODS = ['GET', 'HEAD'];
const WORKFLOW_ENDED = 'event: end\ndata: {}\n\n';

/** /rooms/:roomId/logs and logs.ndjson: a room's log without GraphQL, under the rules that hold for /graphql. */
export function createRoomLogEndpoint(options: RoomLogEndpointOptions) {
  const { logs, admission, mask, originRule, openStreams, socketLimits, log, commentMs, stuckMs } = options;
  const lineBytes = { events: createLineBytes('events'), ndjson: createLineBytes('ndjson') };

  async function open(req: IncomingMessage, res: ServerResponse, { roomId, format }: RoomLogPath): Promise<Opened> {
    const { viewerId, onlyRoomId, expiresAtMs } = await admission.request(req);
    if (onlyRoomId !== undefined && onlyRoomId !== roomId) throw roomNotFound();
    const args = { ...roomLogArgs(req), roomId };
    onceClosed(res, takeStream(socketLimits, viewerId, admission.addressOf(req)));
    const source = format === 'events' ? logs.agentLogs(viewerId, args) : logs.agentLogsSoFar(viewerId, args);
    const lines = guardStream(await source, {
      onError: (error): never => {
        throw error;
      },
      onCloseError: (error) => log.error({ err: error }, 'a log stream could not be closed'),
    });
    const { workflowId } = args;
    const lastId = async () => (workflowId === undefined ? null : logs.lastLineId(viewerId, roomId, workflowId));
    return { lines, expiresAtMs, lastId };
  }

  /** The lines as they come. Whoever watches a workflow is told of its end, and when coming back after it sent away. */
  async function sendEvents(res: ServerResponse, opened: Opened, ofWorkflow: boolean): Promise<void> {
    const { lines, expiresAtMs } = opened;
    openStreams.add(res, lines, expiresAtMs);
    const first = lines.next();
    if (ofWorkflow && (await isOverAtOnce(first))) {
      sendAway(res);
      return;
    }
    beginEvents(res);
    commentRegularly(res, commentMs);
    const isComplete = await sendStream(res, from(first, lines), lineBytes.events, stuckMs);
    if (isComplete) res.end(ofWorkflow ? await workflowEnded(opened) : undefined);
  }

  /** Not ended when the server closes: what a client has by then would look like the whole. */
  async function sendNdjson(res: ServerResponse, lines: Lines): Promise<void> {
    res.once('close', () => void lines.return());
    beginNdjson(res);
    if (await sendStream(res, lines, lineBytes.ndjson, stuckMs)) res.end();
  }

  return async (req: IncomingMessage, res: ServerResponse, path: RoomLogPath): Promise<void> => {
    if (!admitPage(originRule, req, res, METHODS)) return;
    if (!METHODS.includes(req.method ?? '')) {
      return sendError(res, 405, 'METHOD_NOT_ALLOWED', 'Logs can only be read.', { Allow: 'GET, HEAD, OPTIONS' });
    }
    const opened = await open(req, res, path).catch((error: unknown) => {
      refuse(req, res, path, mask(inTermsOfRequest(error, req)));
      return null;
    });
    if (opened === null) return;
    const ofWorkflow = path.format === 'events' && roomLogArgs(req).workflowId !== undefined;
    if (req.method === 'HEAD') {
      const isOver = ofWorkflow && (await isOverAtOnce(opened.lines.next()));
      void opened.lines.return();
      if (isOver) return sendAway(res);
      beginLog[path.format](res);
      res.end();
      return;
    }
    if (path.format === 'ndjson') return sendNdjson(res, opened.lines);
    return sendEvents(res, opened, ofWorkflow);
  };
}

function beginNdjson(res: ServerResponse): void {
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', 'Cache-Control': 'no-store' });
}

/** By a status at which an EventSource does not come back again. */
function sendAway(res: ServerResponse): void {
  res.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}

/** With an id, so that an EventSource that was not closed comes back after the last line, and is sent away. */
async function workflowEnded({ lastId }: Opened): Promise<string> {
  const id = await lastId().catch(() => null);
  return id === null ? WORKFLOW_ENDED : `id: ${id}\n${WORKFLOW_ENDED}`;
}

const beginLog = { events: beginEvents, ndjson: beginNdjson };

async function isOverAtOnce(first: Promise<IteratorResult<unknown>>): Promise<boolean> {
  const result = await Promise.race([first, setImmediate(null)]);
  return result?.done === true;
}

async function* from(first: Promise<IteratorResult<LogLine>>, rest: Lines): AsyncGenerator<LogLine> {
  const { done, value } = await first;
  if (!done) yield value;
  yield* rest;
}

/**
 * An EventSource stays away for good after any status but 200. While the database is away it is told to come back
 * instead; programs that do not ask for an event stream are told why.
 */
function refuse(req: IncomingMessage, res: ServerResponse, { format }: RoomLogPath, error: GraphQLError): void {
  const { code } = error.extensions;
  if (code === 'SERVICE_UNAVAILABLE' && format === 'events' && req.headers.accept?.includes('text/event-stream')) {
    beginEvents(res);
    res.end(`: ${error.message}\n\n`);
  } else if (code === 'ROOM_NOT_FOUND' || code === 'WORKFLOW_NOT_FOUND') sendMasked(res, error, 404);
  else sendMasked(res, error);
}
