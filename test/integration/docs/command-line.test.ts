import { expect } from 'vitest';
import { hang } from '../../support/agents/scripted-answers.ts';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test } from '../../support/engine/fixtures.ts';
import { blocksOf, commandsIn } from '../../support/guide.ts';
import { startCli } from '../../support/processes/cli-process.ts';
import { agentUrls, startService } from '../../support/processes/service-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const GUIDE = 'command-line.md';
const NEWEST = '{ viewer { rooms(first: 1) { edges { node { id latestWorkflow { id status } } } } } }';
type Newest = {
  viewer: { rooms: { edges: { node: { id: string; latestWorkflow: { id: string; status: string } } }[] } };
};

test('every command of the guide works as it is printed, with the ids of a room', async ({ database, agents }) => {
  const service = await startService({ DATABASE_URL: database.url, ...agentUrls(agents.urls) });
  const { origin, port } = new URL(service.graphqlUrl);
  const env = { HAUNTEDAI_URL: origin, PORT: port, DATABASE_URL: database.url };
  const newest = async () => {
    const [edge] = dataOf(await query<Newest>(service.graphqlUrl, NEWEST)).viewer.rooms.edges;
    return edge?.node;
  };
  const commands = blocksOf(GUIDE, 'sh').flatMap(commandsIn);
  expect(new Set(commands.map(([name]) => name))).toEqual(
    new Set(['run', 'rooms', 'logs', 'cancel', 'retry', 'doctor']),
  );

  // The second workflow waits for CodeAgent while it is followed, then cancelled and retried.
  agents.script.code = (_call, nth) => (nth === 2 ? hang() : undefined);
  for (const args of commands) {
    const follows = args.includes('-f');
    if (follows) {
      await query(service.graphqlUrl, 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }');
      await agents.waitForCall('code', 2);
    }
    const room = await newest();
    const ids: Record<string, string | undefined> = { '<room>': room?.id, '<workflow>': room?.latestWorkflow.id };
    const command = startCli(
      args.map((arg) => ids[arg] ?? arg),
      env,
    );
    if (follows) {
      await command.printed(/(CodeAgent: attempt 1)/);
      command.child.kill('SIGINT');
    }
    expect(await command.code, `${args.join(' ')}: ${command.err()}`).toBe(follows ? 130 : 0);
    const next = args[0] === 'retry' || args[0] === 'run';
    if (next) await waitFor('the end', async () => (await newest())?.latestWorkflow.status === 'SUCCEEDED');
  }
  expect(await service.stop()).toMatchObject({ code: 0 });
}, 180_000);
