import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer in the form the caller accepts: a stream of lines, or one JSON body, which leaves progress out. */
export type AgentReply = {
  log(message: string, metadata: Record<string, unknown>): void;
  result(result: Record<string, unknown>): void;
  /** @param status HTTP status, unless the answer is a stream */
  error(message: string, retryable: boolean, status: number): void;
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

function jsonReply(response: ServerResponse): AgentReply {
  return {
    log: () => {},
    result: (result) => sendJson(response, 200, result),
    error: (error, retryable, status) => sendJson(response, status, { success: false, error, retryable }),
  };
}

function streamReply(response: ServerResponse): AgentReply {
  const encode = (value: unknown) => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    return `${JSON.stringify(value)}\n`;
  };
  return {
    log: (message, metadata) => void response.write(encode({ log: { level: 'info', message, metadata } })),
    result: (result) => void response.end(encode({ result })),
    error: (error, retryable) => void response.end(encode({ error, retryable })),
  };
}
