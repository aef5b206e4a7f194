/**
 * What a new user does, on a clone of the committed HEAD with an empty home and npm cache: installs, starts and runs
 * the demo by the README's commands, stops it, kills it, starts it again.
 *
 * npm run test:fresh            as root in a folder of mode 0700
 * npm run test:fresh -- --all   also as an ordinary user, and with npm 10, 11 and 12
 */
import { waitFor } from '../test/support/wait-for.ts';
import { ask } from './support/ask.ts';
import { createPlace, type Place, type Variant } from './support/place.ts';

const IDEA = 'a lighthouse that remembers drowned sailors';
const FAST_START_MS = 5_000;
const DEMO_MS = 15_000;

let failures = 0;
for (const variant of variants(process.argv.includes('--all'))) {
  console.log(`\n${variant.name}`);
  const place = await createPlace(variant);
  try {
    await newUser(place);
  } catch (error) {
    failures += 1;
    console.log(`not ok  ${error instanceof Error ? error.message : error}`);
  } finally {
    await place.remove();
  }
}
process.exitCode = failures === 0 ? 0 : 1;

function variants(all: boolean): Variant[] {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.log('Not root: what root would do is done as an ordinary user.');
  const root: Variant = { name: 'as root, in a folder of mode 0700', asRoot: true };
  const ordinary: Variant = { name: 'as an ordinary user', asRoot: false };
  const npms: Variant[] = ['10', '11', '12'].map((npm) => ({ name: `with npm ${npm}`, asRoot: isRoot, npm }));
  return [...(isRoot ? [root] : []), ...(all || !isRoot ? [ordinary] : []), ...(all ? npms : [])];
}

async function newUser(place: Place): Promise<void> {
  await step('npm ci', async () => {
    const { code, output } = await place.run(['npm', 'ci'], 300_000);
    if (code !== 0) throw new Error(output);
  });

  let server = await step('npm start says that it is ready', () => place.start());
  await step('GraphiQL is served', async () => {
    const page = await fetch(`${place.url}/graphql`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    if (!page.ok || !/graphiql/i.test(html)) throw new Error(`${page.status} ${html.slice(0, 200)}`);
  });
  await step('the demo ends with a deployment that answers, in under 15 s', () => demo(place), DEMO_MS);
  await step('Ctrl-C leaves no process and no lock', async () => {
    await server.interrupt();
    await place.expectNothingLeft();
  });

  server = await step('a second start takes under 5 s', () => place.start(), FAST_START_MS);
  const workflowId = await step('a workflow is under way', () => startWorkflow(place));
  await step('kill -9', () => server.kill());
  server = await step('the next start recovers in under 5 s', () => place.start(), FAST_START_MS);
  await step('and the workflow goes on to its end', () => waitForSuccess(place, workflowId));
  await step('and the room of the demo is still there', () => expectTwoRooms(place));
  await step('Ctrl-C leaves no process and no lock', async () => {
    await server.interrupt();
    await place.expectNothingLeft();
  });

  await step('the demo starts the server when none listens, and stops it', async () => {
    const { code, output } = await place.run(['npm', 'run', 'demo', '--', IDEA], 60_000);
    if (code !== 0) throw new Error(output);
    await place.expectNothingLeft();
  });
}

async function demo(place: Place): Promise<void> {
  const { code, output } = await place.run(['npm', 'run', 'demo', '--', IDEA], 60_000);
  if (code !== 0) throw new Error(`exit code ${code}\n${output}`);
  const url = output.match(/https?:\/\/\S+\/deployments\/\S+/g)?.at(-1);
  if (url === undefined) throw new Error(`it names no deployment\n${output}`);
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} answers ${status}`);
}

async function startWorkflow(place: Place): Promise<string> {
  const { startWorkflow } = await ask<{ startWorkflow: { workflow: { id: string } } }>(
    place.url,
    'mutation Start($idea: String!) { startWorkflow(input: { userInput: $idea }) { workflow { id } } }',
    { idea: IDEA },
  );
  return startWorkflow.workflow.id;
}

async function waitForSuccess(place: Place, id: string): Promise<void> {
  const query = 'query Status($id: ID!) { workflow(id: $id) { status } }';
  const isSucceeded = async () => {
    const { workflow } = await ask<{ workflow: { status: string } }>(place.url, query, { id });
    if (workflow.status === 'FAILED') throw new Error('it failed');
    return workflow.status === 'SUCCEEDED';
  };
  await waitFor('its success', isSucceeded, 60_000);
}

async function expectTwoRooms(place: Place): Promise<void> {
  const query = '{ viewer { rooms { edges { node { status } } } } }';
  type Answer = { viewer: { rooms: { edges: { node: { status: string } }[] } } };
  const { viewer } = await ask<Answer>(place.url, query);
  const statuses = viewer.rooms.edges.map((edge) => edge.node.status);
  if (statuses.length !== 2 || statuses.some((status) => status !== 'DONE')) throw new Error(`rooms: ${statuses}`);
}

async function step<T>(name: string, act: () => Promise<T>, withinMs = Number.POSITIVE_INFINITY): Promise<T> {
  const begin = performance.now();
  try {
    const result = await act();
    const tookMs = performance.now() - begin;
    const took = `${(tookMs / 1000).toFixed(1)} s`;
    if (tookMs > withinMs) throw new Error(`it took ${took}`);
    console.log(`ok  ${name} (${took})`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
