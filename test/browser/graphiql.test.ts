import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptedAgents, startScriptedAgents } from '../support/agents/scripted-agents.ts';
import { json, stream } from '../support/agents/scripted-answers.ts';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { agentUrls, type ServiceProcess } from '../support/processes/service-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { graphiql } from './support/graphiql.ts';
import { visit } from './support/page-visit.ts';

const TABS = ['Start', 'Watch', 'Result', 'Cancel', 'Retry', 'Rooms'];
const LINES = 10_000;

let browser: TestBrowser;
let agents: ScriptedAgents;
let service: ServiceProcess;

beforeAll(async () => {
  browser = await launchChromium();
  agents = await startScriptedAgents();
  service = await startEmbeddedService(agentUrls(agents.urls));
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await agents?.close();
});

const open = async (address = service.graphqlUrl) => {
  const visited = await visit(browser.context, address);
  await visited.page.locator('html[data-ready]').waitFor();
  return { ...visited, ...graphiql(visited.page) };
};

async function start(userInput: string): Promise<{ roomId: string; workflowId: string }> {
  type Started = { startWorkflow: { room: { id: string }; workflow: { id: string } } };
  const document =
    'mutation ($text: String!) { startWorkflow(input: { userInput: $text }) { room { id } workflow { id } } }';
  const { room, workflow } = dataOf(
    await query<Started>(service.graphqlUrl, document, { text: userInput }),
  ).startWorkflow;
  return { roomId: room.id, workflowId: workflow.id };
}

describe('GraphiQL', () => {
  test('on an empty service each tab that needs a room says what to do first, and the others work', async () => {
    const { tabs, tab, play, responds, problems, close } = await open();
    expect(await tabs()).toEqual(TABS);
    for (const name of ['Watch', 'Result', 'Cancel', 'Retry']) {
      await tab(name);
      await play();
      await responds(/There is no room yet\. Press Play in the\s+tab Start first/);
    }
    await tab('Rooms');
    await play();
    await responds(/"edges": \[\]/);
    expect(problems).toEqual([]);
    await close();
  });

  test('after Start was pressed every tab works unedited, and addresses the room that was started', async () => {
    agents.script.story = () =>
      stream([{ log: { level: 'info', message: 'The story begins' } }, new Promise(() => {})]);
    const { tab, play, responds, response, waitForVariables, problems, close } = await open();
    await tab('Start');
    await play();
    await responds(/"status": "RUNNING"/);
    const ids = (await response()).match(/"[0-9a-f-]{36}"/g)?.map((id) => id.slice(1, -1)) ?? [];
    const [roomId = '', workflowId = ''] = ids;
    expect(ids).toHaveLength(2);
    await tab('Watch');
    await waitForVariables(new RegExp(roomId));
    await play();
    await responds(/The story begins/);
    await tab('Result');
    await waitForVariables(new RegExp(workflowId));
    await play();
    await responds(/"status": "RUNNING"/);
    await tab('Cancel');
    await waitForVariables(new RegExp(workflowId));
    await play();
    await responds(/"status": "CANCELLED"/);
    agents.reset();
    await tab('Retry');
    await waitForVariables(new RegExp(workflowId));
    await play();
    await responds(/"status": "RUNNING"/);
    // What was retried is what the tabs are about now.
    await waitFor('the new workflow in the variables', async () => !(await graphiqlVariables()).includes(workflowId));
    await tab('Rooms');
    await play();
    await responds(new RegExp(roomId));
    await tab('Watch');
    expect(await response()).toContain('The story begins');
    expect(problems).toEqual([]);
    await close();

    function graphiqlVariables() {
      return graphiql(browser.context.pages().at(-1)!).variables();
    }
  });

  test('a first visit fills in the newest room, and a tab with a person’s own id keeps it', async () => {
    const { roomId } = await start('a first room');
    const own = await start('another room');
    const { page, tab, type, waitForVariables, variables, close } = await open();
    await tab('Watch');
    await waitForVariables(new RegExp(own.roomId));
    await type('tool', JSON.stringify({ roomId }));
    await waitForVariables(new RegExp(roomId));
    // GraphiQL keeps what was typed after a delay.
    await waitFor('the stored id', () =>
      page.evaluate((id) => localStorage.getItem('graphiql:tabState')?.includes(id) === true, roomId),
    );
    await tab('Start');
    await tab('Watch');
    expect(await variables()).toContain(roomId);
    await close();
  });

  test('the log of 10,000 lines accumulates in order without gaps, and few of them are in the document', async () => {
    agents.script.story = () =>
      stream([
        ...Array.from({ length: LINES - 100 }, (_, n) => ({ log: { level: 'info', message: `line ${n}` } })),
        { result: { story: 'done' } },
      ]);
    const { roomId, workflowId } = await start('a long log');
    const { page, play, responds, problems, close } = await open(
      `${service.graphqlUrl}#room=${roomId}&workflow=${workflowId}`,
    );
    await play();
    await responds(/Workflow\s+finished/);
    expect(await page.locator('.graphiql-response .view-line').count()).toBeLessThan(200);
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.graphiql-response .monaco-editor').click();
    const text = await copied(page);
    const seqs = text
      .split('\n')
      .flatMap((line) => /^(\d+) /.exec(line)?.[1] ?? [])
      .map(Number);
    expect(seqs.length).toBeGreaterThan(LINES - 100);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(problems).toEqual([]);
    agents.reset();
    await close();
  });

  test('“Open in GraphiQL” fills the room’s ids in, and keeps the tabs of an earlier visit', async () => {
    agents.script.story = () => json({ story: 'a story' });
    const older = await start('the room to open');
    await start('a newer room');
    const first = await open();
    await first.page.locator('.graphiql-tab-add').click();
    await first.type('query', 'query Mine { hello }');
    await first.page.locator('.graphiql-tab-button', { hasText: 'Mine' }).waitFor();
    await waitFor('the stored tab', () =>
      first.page.evaluate(() => localStorage.getItem('graphiql:tabState')?.includes('query Mine') === true),
    );
    await first.close();

    const room = new URL(`rooms/${older.roomId}`, service.graphqlUrl).href;
    const { page, problems, close } = await visit(browser.context, room);
    await page.getByRole('link', { name: 'Open in GraphiQL' }).click();
    await page.locator('html[data-ready]').waitFor();
    const { tab, tabs, play, responds, waitForVariables } = graphiql(page);
    await waitForVariables(new RegExp(older.roomId));
    await play();
    await responds(/attempt\s+1/);
    await tab('Result');
    await waitForVariables(new RegExp(older.workflowId));
    expect(await tabs()).toEqual(expect.arrayContaining([...TABS, 'Mine']));
    expect(browser.requested.some((url) => url.includes('graphql') && url.split('#')[0]?.includes(older.roomId))).toBe(
      false,
    );
    expect(problems).toEqual([]);
    await close();
  });
});

/** Everything in the response, as the editor copies it. */
async function copied(page: Awaited<ReturnType<typeof visit>>['page']): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  return page.evaluate(() => navigator.clipboard.readText());
}
