import { loadEnvFile } from '../boot/env-file.ts';
import { type ApiClient, createApiClient, UnreachableError } from '../client/api-client.ts';
import { API_URL_FORM, DEFAULT_URL, parseApiUrl } from './api-url.ts';
import { EXIT } from './exit-codes.ts';
import { Interrupted, untilInterrupted } from './interruption.ts';

/** The options of all commands that use a running service. */
export type ApiOptions = { url?: URL; token?: string };

/** Where the API is (null: no one said), and the token for it: by option, else by variable. @throws {UsageError} */
export function apiAccess(options: ApiOptions): { url: URL | null; token: string | null } {
  const { HAUNTEDAI_URL: variable = '', HAUNTEDAI_TOKEN: token } = process.env;
  const url = options.url ?? (variable.trim() === '' ? null : parseApiUrl(variable.trim()));
  if (url === null && variable.trim() !== '') throw new UsageError(`HAUNTEDAI_URL ${API_URL_FORM}`);
  return { url, token: (options.token ?? token)?.trim() || null };
}

/** The command cannot be carried out as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Call = {
  /** Fails at once when the service cannot be reached. */
  api: ApiClient;
  /** Connects once more, as a client that waits for a service that was reached before, however long it takes. */
  connectPatiently(onConnectionLost: () => void): ApiClient;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
};

/**
 * Runs a command that uses a running service, and prints why it fails.
 * @returns the exit code
 */
export async function callApi(options: ApiOptions, work: (call: Call) => Promise<number>): Promise<number> {
  const signal = untilInterrupted();
  const clients: ApiClient[] = [];
  let url = new URL(DEFAULT_URL);
  try {
    loadEnvFile();
    const access = apiAccess(options);
    url = access.url ?? new URL('/graphql', DEFAULT_URL);
    const connect = (maxReconnects: number, onConnectionLost: () => void) => {
      const client = createApiClient({ url, token: access.token, signal, maxReconnects, onConnectionLost });
      clients.push(client);
      return client;
    };
    return await work({
      api: connect(0, () => {}),
      connectPatiently: (onConnectionLost) => connect(Number.POSITIVE_INFINITY, onConnectionLost),
      signal,
    });
  } catch (error) {
    return report(signal.aborted ? signal.reason : error, url);
  } finally {
    for (const client of clients) client.close();
  }
}

function report(error: unknown, url: URL): number {
  if (error instanceof Interrupted) return error.exitCode;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnreachableError) {
    console.error(
      `The service at ${url.origin} cannot be reached: ${message}. Start it, or set --url or HAUNTEDAI_URL.`,
    );
    return EXIT.unreachable;
  }
  console.error(message);
  return error instanceof UsageError ? EXIT.usage : EXIT.error;
}
