import { describe, expect, onTestFinished } from 'vitest';
import { hang, stream } from '../../support/agents/scripted-answers.ts';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { freePort } from '../../support/network/free-port.ts';
import { startTcpProxy } from '../../support/network/tcp-proxy.ts';
import { type CliProcess, startCli } from '../../support/processes/cli-process.ts';
import { agentUrls, type ServiceProcess, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

type Started = { workflowId: string; roomId: string };

/** `cli` runs a command against the test's own service. */
const test = base.extend<{
  service: ServiceProcess;
  cli: (...args: string[]) => CliProcess;
  start: (userInput?: string) => Promise<Started>;
  statusOf: (workflowId: string) => Promise<string>;
}>({
  service: async ({ database, agents }, use) => {
    const service = await startService({
      DATABASE_URL: database.url,
      RETRY_INITIAL_DELAY_MS: '50',
      ...agentUrls(agents.urls),
    });
    await use(service);
    await service.stop('SIGKILL');
  },
  cli: async ({ service }, use) => {
    const started: CliProcess[] = [];
    await use((...args) => {
      const process = startCli(args, { HAUNTEDAI_URL: new URL(service.graphqlUrl).origin });
      started.push(process);
      return process;
    });
    for (const { child } of started) child.kill('SIGKILL');
  },
  start: async ({ service }, use) => {
    await use(async (userInput = 'a clock of rain') => {
      const mutation =
        'mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { workflow { id } room { id } } }';
      const answer = await query<{ startWorkflow: { workflow: { id: string }; room: { id: string } } }>(
        service.graphqlUrl,
        mutation,
        { input: { userInput } },
      );
      const { workflow, room } = dataOf(answer).startWorkflow;
      return { workflowId: workflow.id, roomId: room.id };
    });
  },
  statusOf: async ({ service }, use) => {
    await use(async (id) => {
      const read = 'query ($id: ID!) { workflow(id: $id) { status } }';
      return dataOf(await query<{ workflow: { status: string } }>(service.graphqlUrl, read, { id })).workflow.status;
    });
  },
});

async function outcome({ code, out, err }: CliProcess) {
  return { code: await code, out: out(), err: err() };
}

const linesOf = (text: string) => text.trim().split('\n');

describe('logs', () => {
  test('logs prints every line of a room, for people and for programs', async ({ cli, start, statusOf }) => {
    const { workflowId, roomId } = await start();
    await waitFor('the end', async () => (await statusOf(workflowId)) === 'SUCCEEDED');
    const forPeople = await outcome(cli('logs', roomId));
    expect(forPeople).toMatchObject({ code: 0, err: '' });
    const forPrograms = await outcome(cli('logs', roomId, '--json'));
    const lines = linesOf(forPrograms.out).map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(lines.at(-1)).toMatchObject({ agentType: 'ORCHESTRATOR', level: 'SUCCESS', metadata: expect.anything() });
    expect(linesOf(forPeople.out)).toHaveLength(lines.length);
    expect(forPeople.out).toMatch(/^\d{4}-\S+Z {2}Orchestrator {2}Workflow started$/m);
  });

  test('logs -f loses and repeats no line over lost connections and a restart of the service, until Ctrl-C', async ({
    database,
    agents,
    start,
    service,
  }) => {
    const isFollowed = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    agents.script.asset = () =>
      stream([isFollowed.promise, { log: { message: 'drawing' } }, mayEnd.promise, { result: { imageCid: 'x' } }]);
    const port = Number(new URL(service.graphqlUrl).port);
    const proxy = await startTcpProxy(port);
    onTestFinished(() => proxy.close());
    const { roomId } = await start();
    await agents.waitForCall('asset');
    const follower = startCli(['logs', roomId, '-f', '--json', '--url', `http://127.0.0.1:${proxy.port}`]);
    await follower.printed(/"(AssetAgent: attempt 1[^"]*)"/);
    // A line that is written after the stored ones were read comes over the connection that is then cut.
    isFollowed.resolve();
    await follower.printed(/"(drawing)"/);

    proxy.cut();
    proxy.restore();
    await waitFor('the reconnect', () => follower.err().includes('Connection lost'));
    await service.stop('SIGKILL');
    const env = { DATABASE_URL: database.url, PORT: String(port), ...agentUrls(agents.urls) };
    const next = await startService(env);
    onTestFinished(async () => void (await next.stop('SIGKILL')));
    mayEnd.resolve();
    await follower.printed(/"(Workflow finished [^"]*)"/);
    follower.child.kill('SIGINT');
    expect(await follower.code).toBe(130);

    const seqs = linesOf(follower.out()).map((line) => JSON.parse(line).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  test('logs of an unknown room ends with exit code 1 and says so', async ({ cli }) => {
    const { code, err } = await outcome(cli('logs', '01930000-0000-7000-8000-000000000000'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^There is no room 01930000/) });
  });
});

describe('rooms', () => {
  test('rooms lists the rooms, newest first, also by status and for programs', async ({
    cli,
    start,
    statusOf,
    agents,
  }) => {
    expect(await outcome(cli('rooms'))).toMatchObject({ code: 0, out: 'There are no such rooms.\n' });
    const first = await start('a clock\u001b[31m of rain');
    await waitFor('the end', async () => (await statusOf(first.workflowId)) === 'SUCCEEDED');
    agents.script.story = () => hang();
    const second = await start('a library of smells');
    const { out } = await outcome(cli('rooms'));
    expect(linesOf(out).map((line) => line.split(/ {2,}/))).toEqual([
      [second.roomId, 'running', expect.any(String), second.workflowId, 'a library of smells'],
      [first.roomId, 'done', expect.any(String), first.workflowId, expect.stringContaining('of rain')],
    ]);
    expect(out).not.toContain('\u001b');
    const done = await outcome(cli('rooms', '--status', 'done', '--json'));
    expect(linesOf(done.out).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        id: first.roomId,
        status: 'DONE',
        latestWorkflow: { id: first.workflowId, status: 'SUCCEEDED' },
      }),
    ]);
    expect(linesOf((await outcome(cli('rooms', '--limit', '1'))).out)).toHaveLength(1);
  });
});

describe('cancel and retry', () => {
  test('cancel ends a workflow, and retry continues it as a new one', async ({ cli, start, statusOf, agents }) => {
    agents.script.code = (_call, nth) => (nth === 1 ? hang() : undefined);
    const { workflowId, roomId } = await start();
    await agents.waitForCall('code');
    const cancelled = await outcome(cli('cancel', workflowId));
    expect(cancelled).toEqual({ code: 0, out: `Cancelled workflow ${workflowId} of room ${roomId}.\n`, err: '' });
    expect(await statusOf(workflowId)).toBe('CANCELLED');

    const retried = await outcome(cli('retry', workflowId));
    const [, id = ''] = /^Started workflow (\S+) in room .+, which begins with CodeAgent\.$/m.exec(retried.out) ?? [];
    await waitFor('the end', async () => (await statusOf(id)) === 'SUCCEEDED');
    expect(agents.callsOf('story')).toHaveLength(1);

    const again = await outcome(cli('retry', id, '--from', 'asset', '--json'));
    const workflow = JSON.parse(again.out);
    expect(workflow).toMatchObject({
      room: { id: roomId },
      steps: [{ agent: 'STORY', status: 'SUCCEEDED' }, {}, {}, {}],
    });
    await waitFor('the end', async () => (await statusOf(workflow.id)) === 'SUCCEEDED');
    expect(agents.callsOf('asset')).toHaveLength(2);
  });

  test('what the service refuses ends with exit code 1 and its reason', async ({ cli, start, statusOf }) => {
    const { workflowId } = await start();
    await waitFor('the end', async () => (await statusOf(workflowId)) === 'SUCCEEDED');
    const { code, err } = await outcome(cli('retry', 'nonsense'));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^[^\n]+\n$/) });
  });
});

test.for(['rooms', 'logs x', 'logs x -f', 'cancel x', 'retry x'])(
  '`%s` ends with exit code 3 at once when no service can be reached, and says what to do',
  async (command) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, out, err } = await outcome(startCli(command.split(' '), { HAUNTEDAI_URL: url }));
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(
      /^The service at \S+ cannot be reached: connect ECONNREFUSED .+ Start it, or set --url or HAUNTEDAI_URL\.\n$/,
    );
  },
);

test('an invalid HAUNTEDAI_URL or --url ends with exit code 2', async () => {
  const variable = await outcome(startCli(['rooms'], { HAUNTEDAI_URL: 'localhost:4000' }));
  expect(variable).toMatchObject({ code: 2, err: 'HAUNTEDAI_URL must be a URL such as http://localhost:4000.\n' });
  const option = await outcome(startCli(['rooms', '--url', 'ws://localhost']));
  expect(option).toMatchObject({ code: 2, err: expect.stringContaining('It must be a URL such as') });
});
