import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Play } from './model-server.ts';

export type StreamOptions = {
  /** @default the text in pieces of a few characters */
  pieces?: string[];
  /** Null: no chunk says why the text ends. @default 'stop' */
  finish?: string | null;
  /** Null: never. @default in a last chunk without choices */
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  /** @default true */
  sendsDone?: boolean;
  /** Pause after each chunk, in ms. */
  paceMs?: number;
  /** Fields of the delta that carry the pieces. @default 'content' */
  field?: string;
};

const USAGE = { prompt_tokens: 120, completion_tokens: 40 };

/** Streams a text as chat completions do. */
export function streams(text: string, options: StreamOptions = {}): Play {
  const { finish = 'stop', usage = USAGE, sendsDone = true, paceMs = 0, field = 'content' } = options;
  return async (response, { body }) => {
    const model = String(body['model']);
    const chunk = (fields: object) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model, ...fields })}\n\n`;
    const delta = (fields: object, reason: string | null = null) =>
      chunk({ choices: [{ index: 0, delta: fields, finish_reason: reason }] });
    startEvents(response);
    response.write(delta({ role: 'assistant', content: field === 'content' ? '' : null }));
    for (const piece of options.pieces ?? piecesOf(text)) {
      if (response.destroyed) return;
      response.write(delta({ [field]: piece }));
      if (paceMs > 0) await sleep(paceMs);
    }
    if (finish !== null) response.write(delta({}, finish));
    if (usage !== null) response.write(chunk({ choices: [], usage }));
    response.end(sendsDone ? 'data: [DONE]\n\n' : '');
  };
}

/** Streams a beginning and then does something else. */
export function breaksOff(text: string, then: (response: ServerResponse) => void): Play {
  return (response, request) => {
    startEvents(response);
    const model = request.body['model'];
    for (const piece of piecesOf(text)) {
      response.write(`data: ${JSON.stringify({ model, choices: [{ index: 0, delta: { content: piece } }] })}\n\n`);
    }
    then(response);
  };
}

/** Sends these bytes as the body of an event stream, one write each. */
export function sendsEvents(parts: readonly (string | Uint8Array)[], paceMs = 5): Play {
  return async (response) => {
    startEvents(response);
    for (const part of parts) {
      response.write(part);
      await sleep(paceMs);
    }
    response.end();
  };
}

/** One JSON body. */
export function sendsJson(body: unknown, status = 200, headers: Record<string, string> = {}): Play {
  return (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An error as OpenAI writes it. */
export function fails(
  status: number,
  error: Record<string, unknown> | string,
  headers: Record<string, string> = {},
): Play {
  return sendsJson(
    { error: typeof error === 'string' ? { message: error, type: 'error', code: null } : error },
    status,
    headers,
  );
}

export function sendsPage(html: string, status = 200, headers: Record<string, string> = {}): Play {
  return (response) =>
    void response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(html);
}

/** Answers nothing until the caller goes. */
export const hangs: Play = () => {};

function startEvents(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
}

function piecesOf(text: string): string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}
