/**
 * Does what a new user does, in a clone of the committed HEAD with an empty home folder and npm cache: installs, starts
 * the service and runs the demo by the README's commands; then stops the service, kills it and starts it again.
 */
import { parseArgs } from 'node:util';
import { dataOf, query } from '../test/support/clients/graphql-clients.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { createFreshClone, type FreshClone, type Variant } from './support/fresh-clone.ts';

const HELP = `Tests the README's commands in a fresh clone of the committed HEAD.

npm run test:fresh             as root in a folder of mode 0700, or as the current user
npm run test:fresh -- --all    also as an ordinary user, and with npm 10, 11 and 12
`;
const { values: options } = parseArgs({
  options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

const IDEA = 'a lighthouse that remembers drowned sailors';
const FAST_START_MS = 5_000;
const DEMO_MS = 15_000;

let failures = 0;
for (const variant of variants(options.all)) {
  console.log(`\n${variant.name}`);
  const clone = await createFreshClone(variant);
  try {
    await useAsNewUser(clone);
  } catch (error) {
    failures += 1;
    console.log(`not ok  ${error instanceof Error ? error.message : error}`);
  } finally {
    await clone.remove();
  }
}
process.exitCode = failures === 0 ? 0 : 1;

function variants(all: boolean): Variant[] {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.log('Not running as root, so everything runs as the current user.');
  const root: Variant = { name: 'as root, in a folder of mode 0700', asRoot: true };
  const ordinary: Variant = { name: 'as an ordinary user', asRoot: false };
  const npms: Variant[] = ['10', '11', '12'].map((npm) => ({ name: `with npm ${npm}`, asRoot: isRoot, npm }));
  return [...(isRoot ? [root] : []), ...(all || !isRoot ? [ordinary] : []), ...(all ? npms : [])];
}

async function useAsNewUser(clone: FreshClone): Promise<void> {
  await step('npm ci', async () => {
    const { code, output } = await clone.run(['npm', 'ci'], 300_000);
    if (code !== 0) throw new Error(output);
  });

  let server = await step('npm start reports that the service is ready', () => clone.start());
  await step('the page is served', async () => {
    const page = await fetch(clone.url, { headers: { accept: 'text/html' } });
    const [, script] = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
    const { status } = await fetch(new URL(script ?? '', clone.url));
    if (!page.ok || status !== 200) throw new Error(`the page: ${page.status}, its script: ${status}`);
  });
  await step('GraphiQL is served', async () => {
    const page = await fetch(`${clone.url}/graphql`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    if (!page.ok || !/graphiql/i.test(html)) throw new Error(`${page.status} ${html.slice(0, 200)}`);
  });
  await step('the demo takes under 15 s and deploys a page that can be opened', () => demo(clone), DEMO_MS);
  await step('Ctrl-C leaves no process and no lock file', async () => {
    await server.interrupt();
    await clone.expectNothingLeft();
  });

  server = await step('a second start takes under 5 s', () => clone.start(), FAST_START_MS);
  const workflowId = await step('a workflow starts', () => startWorkflow(clone));
  await step('kill -9', () => server.kill());
  server = await step('the next start recovers in under 5 s', () => clone.start(), FAST_START_MS);
  await step('the workflow continues to its end', () => waitForSuccess(clone, workflowId));
  await step('both rooms are still there', () => expectTwoRooms(clone));
  await step('Ctrl-C leaves no process and no lock file', async () => {
    await server.interrupt();
    await clone.expectNothingLeft();
  });

  await step('the demo starts a server when none is running, and stops it', async () => {
    const { code, output } = await clone.run(['npm', 'run', 'demo', '--', IDEA], 60_000);
    if (code !== 0) throw new Error(output);
    await clone.expectNothingLeft();
  });
}

async function demo(clone: FreshClone): Promise<void> {
  const { code, output } = await clone.run(['npm', 'run', 'demo', '--', IDEA], 60_000);
  if (code !== 0) throw new Error(`exit code ${code}\n${output}`);
  const url = output.match(/https?:\/\/\S+\/deployments\/\S+/g)?.at(-1);
  if (url === undefined) throw new Error(`the demo printed no deployment URL\n${output}`);
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${url} responded with ${status}`);
}

async function startWorkflow(clone: FreshClone): Promise<string> {
  const { startWorkflow } = await request<{ startWorkflow: { workflow: { id: string } } }>(
    clone,
    'mutation Start($idea: String!) { startWorkflow(input: { userInput: $idea }) { workflow { id } } }',
    { idea: IDEA },
  );
  return startWorkflow.workflow.id;
}

async function waitForSuccess(clone: FreshClone, id: string): Promise<void> {
  const document = 'query Status($id: ID!) { workflow(id: $id) { status } }';
  const isSucceeded = async () => {
    const { workflow } = await request<{ workflow: { status: string } }>(clone, document, { id });
    if (workflow.status === 'FAILED') throw new Error('the workflow failed');
    return workflow.status === 'SUCCEEDED';
  };
  await waitFor('the workflow to succeed', isSucceeded, 60_000);
}

async function expectTwoRooms(clone: FreshClone): Promise<void> {
  const document = '{ viewer { rooms { edges { node { status } } } } }';
  type Answer = { viewer: { rooms: { edges: { node: { status: string } }[] } } };
  const { viewer } = await request<Answer>(clone, document);
  const statuses = viewer.rooms.edges.map((edge) => edge.node.status);
  if (statuses.length !== 2 || statuses.some((status) => status !== 'DONE')) throw new Error(`rooms: ${statuses}`);
}

async function request<T>({ url }: FreshClone, document: string, variables: Record<string, string> = {}): Promise<T> {
  return dataOf(await query<T>(`${url}/graphql`, document, variables));
}

async function step<T>(name: string, action: () => Promise<T>, limitMs = Number.POSITIVE_INFINITY): Promise<T> {
  const begin = performance.now();
  try {
    const result = await action();
    const tookMs = performance.now() - begin;
    const took = `${(tookMs / 1000).toFixed(1)} s`;
    if (tookMs > limitMs) throw new Error(`it took ${took}, more than ${limitMs / 1000} s`);
    console.log(`ok  ${name} (${took})`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
