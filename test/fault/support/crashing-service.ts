import { connectDb } from '../../../src/db/client.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { WorkflowEngineDeps } from '../../../src/orchestrator/workflow-engine.ts';
import { createTestEngine } from '../../support/engine/test-engine.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The program's one argument, as JSON. */
export type CrashTask = {
  databaseUrl: string;
  urls: Record<AgentName, string>;
  idempotencyKey: string;
  /** The crash point at which the process kills itself, counted from 1; 0 for never. */
  crashAt: number;
};

/*
 * A process that runs one workflow and kills itself at a chosen crash point: immediately before or after a call to
 * PostgreSQL, an agent or the dispatcher. When the workflow ends first, it prints how many crash points it passed.
 */
const { databaseUrl, urls, idempotencyKey, crashAt } = JSON.parse(process.argv[2] ?? '') as CrashTask;
let passed = 0;

function crashPoint(): void {
  passed += 1;
  if (passed === crashAt) process.kill(process.pid, 'SIGKILL');
}

function withCrashPoints<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    crashPoint();
    const result = call(...args);
    if (!(result instanceof Promise)) return result;
    return result.finally(crashPoint) as R;
  };
}

const eachWithCrashPoints = <T extends Record<string, unknown>>(functions: T): T =>
  Object.fromEntries(
    Object.entries(functions).map(([name, value]) => [
      name,
      typeof value === 'function' ? withCrashPoints(value as () => unknown) : value,
    ]),
  ) as T;

const wrap = (deps: WorkflowEngineDeps): WorkflowEngineDeps => ({
  ...deps,
  store: eachWithCrashPoints(deps.store),
  dispatcher: { ...deps.dispatcher, dispatch: withCrashPoints(deps.dispatcher.dispatch) },
  appendAgentLines: withCrashPoints(deps.appendAgentLines),
  callAgent: withCrashPoints(deps.callAgent),
  publish: withCrashPoints(deps.publish),
});

const database = connectDb(databaseUrl);
const engine = createTestEngine(database, { urls, wrap });
await engine.work();
const { workflow } = await engine.service.start('local', { userInput: 'a lamp', idempotencyKey });
await waitFor('the workflow to finish', async () =>
  engine.published.some(
    ({ workflowId, metadata }) => workflowId === workflow.id && metadata?.['event'] === 'workflow.finished',
  ),
);
console.log(passed);
process.exit(0);
