import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { LogLine } from '../../orchestrator/domain/log-line.ts';
import type { RoomLogs } from '../../orchestrator/ports/log.ts';
import { roomNotFound } from '../../orchestrator/request-error.ts';
import type { MaskError } from '../graphql/mask-error.ts';
import type { AllowedOrigins } from '../http/allowed-origins.ts';
import { cors } from '../http/cors.ts';
import { sendError, sendMasked } from '../http/reply.ts';
import type { RequestGuard } from '../http/request-guard.ts';
import { acquireStream, type SocketLimits } from '../limits/socket-limits.ts';
import type { ServerLog } from '../server-options.ts';
import { type GuardedStream, guardStream } from '../streams/guard-stream.ts';
import { type OpenStreams, onceClosed } from '../streams/open-streams.ts';
import { PASS_THROUGH } from '../streams/pass-through.ts';
import { sendStream } from '../streams/send-stream.ts';
import { createLineEncoder } from './encode-line.ts';
import { beginEventStream, endEvent, requestReconnect, sendComments, stopReconnecting } from './event-stream.ts';
import { nameLastEventId, parseLogArgs, type RoomLogPath } from './parse-request.ts';

export type RoomLogEndpointOptions = {
  logs: RoomLogs;
  guard: RequestGuard;
  mask: MaskError;
  allowedOrigins: AllowedOrigins;
  openStreams: OpenStreams;
  socketLimits: SocketLimits;
  log: ServerLog;
  /** For these two see `ServerOptions`. */
  commentMs: number;
  stallTimeoutMs: number;
};

type Lines = GuardedStream<LogLine>;
type OpenedLog = {
  lines: Lines;
  expiresAtMs: number | undefined;
  /** The id of the workflow's last line, which the filter may exclude; null without a workflow, or while it runs. */
  lastId: () => Promise<string | null>;
};

const METHODS = ['GET', 'HEAD'];

/** /rooms/:roomId/logs and logs.ndjson: a room's log without GraphQL, under the rules of /graphql. */
export function createRoomLogEndpoint(options: RoomLogEndpointOptions) {
  const { logs, guard, mask, allowedOrigins, openStreams, socketLimits, log, commentMs, stallTimeoutMs } = options;
  const encode = { events: createLineEncoder('events'), ndjson: createLineEncoder('ndjson') };

  async function open(req: IncomingMessage, res: ServerResponse, { roomId, format }: RoomLogPath): Promise<OpenedLog> {
    const { viewerId, onlyRoomId, expiresAtMs } = await guard.request(req);
    if (onlyRoomId !== undefined && onlyRoomId !== roomId) throw roomNotFound();
    const args = { ...parseLogArgs(req), roomId };
    onceClosed(res, acquireStream(socketLimits, viewerId, guard.addressOf(req)));
    const source = format === 'events' ? logs.agentLogs(viewerId, args) : logs.agentLogsSoFar(viewerId, args);
    const lines = guardStream(await source, {
      onError: (error): never => {
        throw error;
      },
      onCloseError: (error) => log.error({ err: error }, 'closing a log stream failed'),
    });
    const { workflowId } = args;
    const lastId = async () => (workflowId === undefined ? null : logs.lastLineId(viewerId, roomId, workflowId));
    return { lines, expiresAtMs, lastId };
  }

  /** Sends lines as they are written. With a workflow, the stream ends with it, and reconnecting afterwards gets 204. */
  async function sendEvents(res: ServerResponse, opened: OpenedLog, isOfWorkflow: boolean): Promise<void> {
    const { lines, expiresAtMs } = opened;
    openStreams.add(res, lines, expiresAtMs);
    const first = lines.next();
    if (isOfWorkflow && (await hasEnded(first))) return stopReconnecting(res);
    beginEventStream(res);
    sendComments(res, commentMs);
    const isComplete = await sendStream(res, startingWith(first, lines), encode.events, stallTimeoutMs);
    if (!isComplete) return;
    res.end(isOfWorkflow ? endEvent(await opened.lastId().catch(() => null)) : undefined);
  }

  /** Not ended when the server closes: the client would take the part that it has for the whole log. */
  async function sendNdjson(res: ServerResponse, lines: Lines): Promise<void> {
    res.once('close', () => void lines.return());
    openStreams.addDownload(res);
    beginNdjson(res);
    if (await sendStream(res, lines, encode.ndjson, stallTimeoutMs)) res.end();
  }

  /** The same status and headers as for GET, without lines. */
  async function answerHead(
    res: ServerResponse,
    { lines }: OpenedLog,
    isOfWorkflow: boolean,
    format: 'events' | 'ndjson',
  ) {
    const isOver = isOfWorkflow && (await hasEnded(lines.next()));
    void lines.return();
    if (isOver) return stopReconnecting(res);
    if (format === 'events') beginEventStream(res);
    else beginNdjson(res);
    res.end();
  }

  return async (req: IncomingMessage, res: ServerResponse, path: RoomLogPath): Promise<void> => {
    if (!cors(allowedOrigins, req, res, METHODS)) return;
    if (!METHODS.includes(req.method ?? '')) {
      const message = 'Logs are read-only. Use GET or HEAD.';
      return sendError(res, 405, 'METHOD_NOT_ALLOWED', message, { Allow: 'GET, HEAD, OPTIONS' });
    }
    const opened = await open(req, res, path).catch((error: unknown) => {
      sendRefusal(req, res, path, mask(nameLastEventId(error, req)));
      return null;
    });
    if (opened === null) return;
    const isOfWorkflow = path.format === 'events' && parseLogArgs(req).workflowId !== undefined;
    if (req.method === 'HEAD') return answerHead(res, opened, isOfWorkflow, path.format);
    if (path.format === 'ndjson') return sendNdjson(res, opened.lines);
    return sendEvents(res, opened, isOfWorkflow);
  };
}

function beginNdjson(res: ServerResponse): void {
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', ...PASS_THROUGH });
}

/** Whether the stream has ended without any line. A stream that has to wait for its first line has not. */
async function hasEnded(first: Promise<IteratorResult<unknown>>): Promise<boolean> {
  const result = await Promise.race([first, setImmediate(null)]);
  return result?.done === true;
}

async function* startingWith(first: Promise<IteratorResult<LogLine>>, rest: Lines): AsyncGenerator<LogLine> {
  const { done, value } = await first;
  if (!done) yield value;
  yield* rest;
}

/**
 * While the database is unavailable an EventSource is made to reconnect, since any status but 200 would make it give
 * up. Programs that do not ask for an event stream get the error.
 */
function sendRefusal(req: IncomingMessage, res: ServerResponse, { format }: RoomLogPath, error: GraphQLError): void {
  const { code } = error.extensions;
  if (code === 'SERVICE_UNAVAILABLE' && format === 'events' && req.headers.accept?.includes('text/event-stream')) {
    requestReconnect(res, error.message);
  } else if (code === 'ROOM_NOT_FOUND' || code === 'WORKFLOW_NOT_FOUND') sendMasked(res, error, 404);
  else sendMasked(res, error);
}
