import { expect, test } from 'vitest';
import { executedOperation, isLog } from '../../../../web/graphiql/executed-operation.ts';

const LOG = 'subscription Watch { agentLogs(roomId: "x") { seq } }';

test.each([
  [LOG, 'Watch', 'Watch', true],
  // GraphiQL still has the name of the tab that was open before.
  [LOG, 'Result', 'Watch', true],
  ['subscription { lines: agentLogs(roomId: "x") { seq } }', null, undefined, true],
  ['subscription W { workflowUpdated(workflowId: "x") { status } }', 'W', 'W', false],
  [`${LOG} query B { hello }`, 'B', 'B', false],
  [`${LOG} query B { hello }`, 'Watch', 'Watch', true],
])('%s, run as %s, executes %s; it is a log: %s', (query, name, executed, log) => {
  const operation = executedOperation(query, name);
  expect(operation?.name?.value).toBe(executed);
  expect(operation && isLog(operation)).toBe(log);
});

test.each(['subscription {', 'query A { hello } query B { hello }', ''])(
  '%j leaves it to the API to refuse it',
  (query) => {
    expect(executedOperation(query, 'C')).toBeNull();
  },
);
