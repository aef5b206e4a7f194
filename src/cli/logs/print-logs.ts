import type { ApiClient } from '../../client/api-client.ts';
import type { LogLine } from '../../client/operations.ts';
import { type ApiOptions, callApi } from '../api.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../text.ts';
import { titleOf } from '../titles.ts';
import { LOG_PAGE, type LogPage, ROOM_LOG, type RoomLog } from './operations.ts';

export type LogsOptions = ApiOptions & { follow?: true; json?: true };

/** As many lines as the API returns at once. */
const PAGE_SIZE = 1_000;

/** @returns the exit code */
export function printLogs(roomId: string, options: LogsOptions): Promise<number> {
  const print = (line: LogLine) => console.log(options.json ? JSON.stringify(line) : render(line));
  return callApi(options, async ({ api, connectPatiently }) => {
    let last: LogLine | null = null;
    for await (const line of storedLines(api, roomId)) {
      print(line);
      last = line;
    }
    if (!options.follow) return EXIT.done;

    const patient = connectPatiently(() => console.error('Connection lost, waiting for the service'));
    // A reconnect resumes after the last line that was printed.
    const lines = patient.follow<RoomLog>(ROOM_LOG, () => ({ roomId, after: last?.id ?? null }));
    for await (const { agentLogs } of lines) {
      // The notice of removed lines has the `seq` of the last of them.
      if (last !== null && agentLogs.seq <= last.seq) continue;
      print(agentLogs);
      last = agentLogs;
    }
    return EXIT.done;
  });
}

async function* storedLines(api: ApiClient, roomId: string): AsyncGenerator<LogLine, void, undefined> {
  let after: string | null = null;
  for (;;) {
    const answer: LogPage = await api.execute<LogPage>(LOG_PAGE, { roomId, first: PAGE_SIZE, after });
    if (answer.room === null) throw new Error(`There is no room ${roomId}, or it belongs to somebody else.`);
    const { edges, pageInfo } = answer.room.logs;
    for (const { node } of edges) yield node;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

function render({ timestamp, agentType, level, message }: LogLine): string {
  const severity = level === 'WARN' || level === 'ERROR' ? `${level.toLowerCase()}: ` : '';
  return `${timestamp}  ${titleOf(agentType).padEnd(12)}  ${severity}${printable(message)}`;
}
