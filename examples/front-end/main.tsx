/**
 * A page that starts a room and shows its status, its log and its page.
 *
 *   npm start
 *   npx vite examples/front-end
 *
 * It calls the service at localhost:4000; `?api=ws://localhost:4100/graphql` in its address names another one.
 */
import type { ResultOf, VariablesOf } from 'gql.tada';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { StrictMode, useActionState, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { START, WORKFLOW, type Workflow } from './operations.ts';
import { useRoomLog } from './use-room-log.ts';

const url = new URLSearchParams(location.search).get('api') ?? 'ws://localhost:4000/graphql';
const client = createClient({
  url,
  retryAttempts: Number.POSITIVE_INFINITY, // after 1 s, 2 s, 4 s …
  shouldRetry: () => true, // also while nothing listens
});

const STATUS_TEXTS: Record<Workflow['status'], string> = {
  QUEUED: 'Waiting for another room to finish',
  RUNNING: 'Running',
  SUCCEEDED: 'Done',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};

async function startRoom(userInput: string): Promise<string> {
  // If the answer is lost, the request is sent again: the key keeps it from starting a second workflow.
  const variables: VariablesOf<typeof START> = { input: { userInput, idempotencyKey: crypto.randomUUID() } };
  for await (const { data, errors } of client.iterate<ResultOf<typeof START>>({ query: print(START), variables })) {
    if (data) return data.startWorkflow.room.id;
    throw new Error(errors?.map(({ message }) => message).join(' '));
  }
  throw new Error('The server gave no answer.');
}

/** Whether the client is trying to reconnect. */
function useConnectionLost(): boolean {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const stopConnected = client.on('connected', () => setLost(false));
    const stopClosed = client.on('closed', (event) => setLost((event as CloseEvent).code !== 1000));
    return () => {
      stopConnected();
      stopClosed();
    };
  }, []);
  return lost;
}

/** The id of the room, kept after the # of the address so that a reloaded page shows the same room. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash.slice(1));
  useEffect(() => {
    const update = () => setHash(location.hash.slice(1));
    window.addEventListener('hashchange', update);
    return () => window.removeEventListener('hashchange', update);
  }, []);
  return hash;
}

function useWorkflow(workflowId: string | undefined): Workflow | null {
  const [workflow, setWorkflow] = useState<Workflow | null>(null);
  useEffect(() => {
    if (workflowId === undefined) return;
    const operation = { query: print(WORKFLOW), variables: { workflowId } };
    return client.subscribe<ResultOf<typeof WORKFLOW>>(operation, {
      next: ({ data }) => data && setWorkflow(data.workflowUpdated),
      error: console.error,
      complete() {},
    });
  }, [workflowId]);
  return workflow;
}

function Room({ roomId }: { roomId: string }) {
  const { lines, error } = useRoomLog(client, roomId);
  const workflow = useWorkflow(lines.at(-1)?.workflowId);
  return (
    <main>
      <h1>{workflow ? workflow.userInput : 'A room'}</h1>
      <p role="status">{workflow && STATUS_TEXTS[workflow.status]}</p>
      {workflow?.room.error && <p role="alert">{workflow.room.error}</p>}
      {error !== null && <p role="alert">The room’s log cannot be read. Is the address right?</p>}
      <nav>
        {workflow?.deployment && <a href={workflow.deployment.deploymentUrl}>The page</a>}
        <button type="button" onClick={() => (location.hash = '')}>
          Start another room
        </button>
      </nav>
      <ol>
        {lines.map(({ seq, agentType, level, message }) => (
          <li key={seq} value={seq} className={level}>
            {agentType}: {message}
          </li>
        ))}
      </ol>
    </main>
  );
}

function StartForm() {
  const [problem, start, isStarting] = useActionState(async (_: string | null, form: FormData) => {
    try {
      location.hash = await startRoom(String(form.get('idea')));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : `No connection to ${url}.`;
    }
  }, null);
  return (
    <main>
      <h1>Start a room</h1>
      <form action={start}>
        <input name="idea" aria-label="An idea" defaultValue="a clock of rain" required />
        <button type="submit" disabled={isStarting}>
          {isStarting ? 'Starting …' : 'Start'}
        </button>
      </form>
      {problem !== null && <p role="alert">{problem}</p>}
    </main>
  );
}

function App() {
  const roomId = useHash();
  const lost = useConnectionLost();
  return (
    <>
      {lost && <p role="alert">{`No connection to ${url}, trying again. Is the service running (npm start)?`}</p>}
      {roomId === '' ? <StartForm /> : <Room key={roomId} roomId={roomId} />}
    </>
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
