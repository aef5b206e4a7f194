import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer in the form that the caller can read: a stream of lines, or one JSON body in which progress has no place. */
export type Reply = {
  log(message: string, metadata: Record<string, unknown>): void;
  result(result: Record<string, unknown>): void;
  /** @param status of the answer, where it is no stream */
  error(message: string, retryable: boolean, status: number): void;
};

export function createReply(request: IncomingMessage, response: ServerResponse): Reply {
  return /\bapplication\/x-ndjson\b/i.test(request.headers.accept ?? '') ? streamed(response) : plain(response);
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

function plain(response: ServerResponse): Reply {
  return {
    log: () => {},
    result: (result) => sendJson(response, 200, result),
    error: (error, retryable, status) => sendJson(response, status, { success: false, error, retryable }),
  };
}

function streamed(response: ServerResponse): Reply {
  const line = (value: unknown) => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    return `${JSON.stringify(value)}\n`;
  };
  return {
    log: (message, metadata) => void response.write(line({ log: { level: 'info', message, metadata } })),
    result: (result) => void response.end(line({ result })),
    error: (error, retryable) => void response.end(line({ error, retryable })),
  };
}
