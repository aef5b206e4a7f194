/**
 * A page that starts a room and shows its log and its deployment as they come.
 *
 *     npm start
 *     npx vite examples/front-end
 */
import type { ResultOf, VariablesOf } from 'gql.tada';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { DEPLOYMENT, START } from './operations.ts';
import { useRoomLog } from './use-room-log.ts';

const client = createClient({
  url: new URLSearchParams(location.search).get('api') ?? 'ws://localhost:4000/graphql',
  retryAttempts: Number.POSITIVE_INFINITY, // waits 1 s, 2 s, 4 s …
  shouldRetry: () => true, // also while nobody listens
});

async function startRoom(userInput: string): Promise<string> {
  // The key makes a start that is sent twice, because its answer was lost, one start.
  const variables: VariablesOf<typeof START> = { input: { userInput, idempotencyKey: crypto.randomUUID() } };
  for await (const { data, errors } of client.iterate<ResultOf<typeof START>>({ query: print(START), variables })) {
    if (data) return data.startWorkflow.room.id;
    throw new AggregateError(errors ?? [], 'the workflow was not started');
  }
  throw new Error('the server left the question open');
}

function useDeploymentUrl(from: Client, roomId: string): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const operation = { query: print(DEPLOYMENT), variables: { roomId } };
    return from.subscribe<ResultOf<typeof DEPLOYMENT>>(operation, {
      next: ({ data }) => setUrl(data?.deploymentCompleted.deploymentUrl ?? null),
      error: console.error,
      complete() {},
    });
  }, [from, roomId]);
  return url;
}

function Room({ roomId }: { roomId: string }) {
  const { lines, error } = useRoomLog(client, roomId);
  const deploymentUrl = useDeploymentUrl(client, roomId);
  return (
    <main>
      <ol>
        {lines.map(({ seq, agentType, level, message }) => (
          <li key={seq} value={seq} className={level}>
            {agentType}: {message}
          </li>
        ))}
      </ol>
      {error !== null && <p role="alert">The room’s log cannot be read.</p>}
      {deploymentUrl !== null && <a href={deploymentUrl}>The page</a>}
    </main>
  );
}

function App() {
  const [roomId, setRoomId] = useState(location.hash.slice(1));
  if (roomId !== '') return <Room key={roomId} roomId={roomId} />;
  const start = async (form: FormData) => {
    const id = await startRoom(String(form.get('idea')));
    location.hash = id; // a page that is loaded again shows the same room
    setRoomId(id);
  };
  return (
    <form action={start}>
      <input name="idea" aria-label="An idea" defaultValue="a clock of rain" required />
      <button type="submit">Start</button>
    </form>
  );
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
