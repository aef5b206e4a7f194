import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { dataOf, query } from '../../support/clients/graphql-clients.ts';
import { test } from '../../support/engine/fixtures.ts';
import { blocksOf, commandsIn } from '../../support/guide.ts';
import { startCli } from '../../support/processes/cli-process.ts';
import { makeTemporaryFolder } from '../../support/processes/temporary-folder.ts';
import { waitFor } from '../../support/wait-for.ts';

const GUIDE = 'agents-on-their-own.md';

type Workflow = {
  workflow: {
    status: string;
    deployment: { deploymentUrl: string } | null;
    steps: { result: Record<string, string> }[];
  };
};

test('the commands of the guide start four agents on four machines, and the service uses them', async ({
  database,
}) => {
  const folder = await makeTemporaryFolder();
  // Four machines are four addresses of this one, which no other test uses.
  const network = `127.${20 + (process.pid % 200)}.0.`;
  const here = (text: string) => text.replaceAll('10.0.0.', network);
  const [env = ''] = blocksOf(GUIDE, 'ini');
  await writeFile(join(folder, '.env'), here(env));
  const commands = blocksOf(GUIDE, 'sh').map(commandsIn)[1] ?? [];
  expect(commands.map((args) => args.slice(0, 2).join(' '))).toEqual([
    ...['agent story', 'agent asset', 'agent code', 'agent deploy', 'start'],
  ]);

  const started = commands.map((args, index) =>
    startCli(args.map(here), { DATA_DIR: join(folder, String(index)), DATABASE_URL: database.url, PORT: '0' }, folder),
  );
  onTestFinished(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map(({ code }) => code));
    await rm(folder, { recursive: true });
  });
  const urls = await Promise.all(started.map(({ printed }) => printed(/^Ready: .* at (\S+)$/m)));
  const [, asset = '', , deploy = '', graphqlUrl = ''] = urls;

  const start = 'mutation { startWorkflow(input: { userInput: "a clock of rain" }) { workflow { id } } }';
  const { startWorkflow } = dataOf(await query<{ startWorkflow: { workflow: { id: string } } }>(graphqlUrl, start));
  const { workflow } = await waitFor('the workflow to end', async () => {
    const read = `{ workflow(id: "${startWorkflow.workflow.id}") { status deployment { deploymentUrl } steps { result } } }`;
    const answer = dataOf(await query<Workflow>(graphqlUrl, read));
    return answer.workflow.status === 'RUNNING' ? undefined : answer;
  });
  expect(workflow.status).toBe('SUCCEEDED');
  expect(workflow.steps[1]?.result['imageUrl']).toMatch(new RegExp(`^${asset}/deployments/`));
  expect(workflow.deployment?.deploymentUrl).toMatch(new RegExp(`^${deploy}/deployments/`));
  const page = await fetch(workflow.deployment?.deploymentUrl ?? '');
  expect(await page.text()).toBe(workflow.steps[2]?.result['code']);
});
