import { query } from './graphql-clients.ts';

export type ServerSentEvent = { event: string; id: string; data: string };

/** A line of a room's log as a client receives it. */
export type SentLine = {
  id: string;
  seq: number;
  timestamp: string;
  agentType: string;
  level: string;
  message: string;
  metadata: Record<string, unknown> | null;
  workflowId: string;
};

/** Parses server-sent events as an EventSource does. Comments and other fields go to `onOtherLine`. */
export async function* eventsOf(
  response: Response,
  onOtherLine: (line: string) => void = () => undefined,
): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  let id = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event: ServerSentEvent = { event: 'message', id, data: '' };
      for (const line of block.split('\n')) {
        const [, field = '', value = ''] = /^([a-z]+): (.*)$/s.exec(line) ?? [];
        if (field === 'id') id = value;
        if (field === 'id' || field === 'data' || field === 'event') event[field] = value;
        else onOtherLine(line);
      }
      if (event.data !== '') yield event;
    }
  }
}

/** Reads a room's event stream up to `count` lines, to the line `lastSeq`, or to its end, whichever comes first. */
export async function linesFrom(
  url: string,
  {
    count = Number.POSITIVE_INFINITY,
    lastSeq,
    headers = {},
  }: { count?: number; lastSeq?: number; headers?: Record<string, string> } = {},
): Promise<SentLine[]> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const lines: SentLine[] = [];
  if (count === 0) return lines;
  for await (const { event, id, data } of eventsOf(response)) {
    if (event !== 'message') continue;
    const line = JSON.parse(data) as SentLine;
    if (line.id !== id) throw new Error(`line ${line.id} has the event id ${id}`);
    if (lines.push(line) >= count || line.seq === lastSeq) break;
  }
  controller.abort();
  return lines;
}

/** Reads the lines of a logs.ndjson. */
export async function ndjsonFrom(url: string): Promise<SentLine[]> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as SentLine]));
}

/** Reads every event of a stream to its end. */
export async function allEventsOf(response: Response): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

/** Everything that GraphQL returns about a room's log, steps and errors, as text. */
export async function logText(url: string, roomId: string, headers: Record<string, string>): Promise<string> {
  const document = `query ($id: ID!) { room(id: $id) {
    error logs { edges { node { message metadata } } }
    latestWorkflow { steps { result error attempts { error } } }
  } }`;
  return JSON.stringify(await query(url, document, { id: roomId }, headers));
}

/** The text of a room's logs.ndjson. */
export async function fetchLog(url: string, roomId: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(new URL(`/rooms/${roomId}/logs.ndjson`, url), { headers });
  return response.text();
}
