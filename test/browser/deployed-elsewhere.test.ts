import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceProcess } from '../support/processes/service-process.ts';
import { startVercel, type VercelServer } from '../support/publish/vercel-server.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { startIdea, visit, waitForStatus } from './support/page-visit.ts';

const TOKEN = 'vercel-token-of-a-test';

let browser: TestBrowser;
let vercel: VercelServer;
let service: ServiceProcess;

beforeAll(async () => {
  browser = await launchChromium();
  vercel = await startVercel({ token: TOKEN });
  service = await startEmbeddedService({ VERCEL_TOKEN: TOKEN, VERCEL_API_URL: vercel.url });
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await vercel?.close();
});

test('a page that was deployed to Vercel is linked there, and shown from its copy on this server', async () => {
  const { page, problems, close } = await visit(browser.context, new URL('/', service.graphqlUrl).href);
  await startIdea(page, 'a lighthouse that remembers drowned sailors');
  await waitForStatus(page, /^Done in /);
  const panel = page.getByRole('article', { name: 'The published page' });
  expect(await panel.getByRole('link', { name: 'Open' }).getAttribute('href')).toBe(`${vercel.url}/dpl_1`);
  await page
    .getByTestId('deployment')
    .contentFrame()
    .getByRole('button', { name: /^listen/i })
    .waitFor();
  expect(problems).toEqual([]);
  await close();
});
