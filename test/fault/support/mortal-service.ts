import { connectDb } from '../../../src/db/client.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { WorkflowEngineDeps } from '../../../src/orchestrator/workflow-engine.ts';
import { createTestEngine } from '../../support/engine/test-engine.ts';
import { waitFor } from '../../support/wait-for.ts';

/*
 * A process that runs one workflow and kills itself at a chosen point: before or after one of the calls of what it
 * stands on (Postgres, agents, dispatcher). Prints how many such points it passed, when it reaches the end.
 */
type Task = { databaseUrl: string; urls: Record<AgentName, string>; key: string; dieAt: number };

const { databaseUrl, urls, key, dieAt } = JSON.parse(process.argv[2] ?? '') as Task;
let points = 0;

function point(): void {
  points += 1;
  if (points === dieAt) process.kill(process.pid, 'SIGKILL');
}

function mortal<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    point();
    const answer = call(...args);
    if (!(answer instanceof Promise)) return answer;
    return answer.finally(point) as R;
  };
}

const mortalAll = <T extends Record<string, unknown>>(parts: T): T =>
  Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      typeof part === 'function' ? mortal(part as () => unknown) : part,
    ]),
  ) as T;

const wrap = (deps: WorkflowEngineDeps): WorkflowEngineDeps => ({
  ...deps,
  store: mortalAll(deps.store),
  dispatcher: { ...deps.dispatcher, dispatch: mortal(deps.dispatcher.dispatch) },
  appendAgentLines: mortal(deps.appendAgentLines),
  callAgent: mortal(deps.callAgent),
  publish: mortal(deps.publish),
});

const database = connectDb(databaseUrl);
const engine = createTestEngine(database, { urls, wrap });
await engine.work();
const { workflow } = await engine.service.start('local', { userInput: 'a lamp', idempotencyKey: key });
await waitFor('the end', async () =>
  engine.published.some(
    ({ workflowId, metadata }) => workflowId === workflow.id && metadata?.['event'] === 'workflow.finished',
  ),
);
console.log(points);
process.exit(0);
