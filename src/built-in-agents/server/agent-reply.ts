import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Usage } from '../define-agent.ts';

/** An answer in the form the caller accepts: a stream of lines, or one JSON body, which leaves out all but the result. */
export type AgentReply = {
  log(message: string, metadata: Record<string, unknown>, level?: 'info' | 'warn'): void;
  partial(text: string, channel: string | undefined): void;
  usage(usage: Usage): void;
  result(result: Record<string, unknown>): void;
  error(message: string, details: ErrorDetails): void;
};

export type ErrorDetails = {
  retryable: boolean;
  /** HTTP status, unless the answer is a stream. */
  status: number;
  /** Seconds to wait before the next call. In a stream, a field of the last line. */
  retryAfter?: number | undefined;
};

export function createReply(request: IncomingMessage, response: ServerResponse): AgentReply {
  return /\bapplication\/x-ndjson\b/i.test(request.headers.accept ?? '') ? streamReply(response) : jsonReply(response);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

export function jsonReply(response: ServerResponse): AgentReply {
  return {
    log: () => {},
    partial: () => {},
    usage: () => {},
    result: (result) => sendJson(response, 200, result),
    error: (error, { retryable, status, retryAfter }) =>
      sendJson(
        response,
        status,
        { success: false, error, retryable },
        retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) },
      ),
  };
}

function streamReply(response: ServerResponse): AgentReply {
  const encode = (value: unknown) => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    return `${JSON.stringify(value)}\n`;
  };
  // What is still on its way when the answer ends is dropped.
  const write = (value: unknown) => {
    if (!response.writableEnded) response.write(encode(value));
  };
  return {
    log: (message, metadata, level = 'info') => write({ log: { level, message, metadata } }),
    partial: (text, channel) => write({ partial: { text, channel } }),
    usage: (usage) => write({ usage }),
    result: (result) => void response.end(encode({ result })),
    error: (error, { retryable, retryAfter }) => void response.end(encode({ error, retryable, retryAfter })),
  };
}
