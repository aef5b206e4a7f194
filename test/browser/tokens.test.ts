import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceProcess } from '../support/processes/service-process.ts';
import { bearer, SECRET, tokenOf } from '../support/server/tokens.ts';
import { launchChromium, type TestBrowser } from './support/chromium.ts';
import { startEmbeddedService } from './support/embedded-service.ts';
import { graphiql } from './support/graphiql.ts';

let browser: TestBrowser;
let service: ServiceProcess;
let otherSite: Server;

beforeAll(async () => {
  browser = await launchChromium();
  service = await startEmbeddedService({ AUTH_JWT_SECRET: SECRET });
  otherSite = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end('<!doctype html><title>another site</title>');
  });
  await new Promise<void>((resolve) => otherSite.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser?.close();
  await service?.stop();
  otherSite?.close();
});

test('with tokens GraphiQL needs the header once, then every tab works, and the log arrives over SSE', async () => {
  const headers = bearer(await tokenOf('ada'));
  const page = await browser.context.newPage();
  const before = browser.requested.length;
  await page.goto(service.graphqlUrl);
  const { tab, play, type, responds } = graphiql(page);
  await page.locator('html[data-ready]').waitFor();
  await tab('Watch');
  await play();
  await responds(/UNAUTHENTICATED/);
  await tab('Start');
  await page.getByRole('button', { name: 'Headers' }).click();
  await type('tool', JSON.stringify(headers));
  await play();
  await responds(/"status": "RUNNING"/);
  await tab('Watch');
  await play();
  await responds(/Workflow\s+finished/);
  await responds(/\bINFO\b/);
  await tab('Result');
  await play();
  await responds(/"status": "SUCCEEDED"/);
  expect(browser.requested.slice(before).filter((url) => url.startsWith('ws'))).toEqual([]);
  await page.close();
});

test('a page of another site can neither read the API nor open a WebSocket, even with a token', async () => {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${(otherSite.address() as AddressInfo).port}/`);
  const token = await tokenOf('ada');
  const outcomes = await page.evaluate(
    async ({ url, authorization }) => {
      const outcome = (work: Promise<Response>) =>
        work.then(
          (res) => `read ${res.status}`,
          () => 'blocked',
        );
      const body = JSON.stringify({ query: '{ viewer { id } }' });
      const json = { 'content-type': 'application/json', authorization };
      const socket = () =>
        new Promise<string>((resolve) => {
          const opened = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
          opened.onopen = () => resolve('open');
          opened.onerror = () => resolve('blocked');
        });
      return [
        await outcome(fetch(url, { method: 'POST', headers: json, body })),
        await outcome(fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })),
        await outcome(fetch(`${url}?query={viewer{id}}`)),
        await outcome(fetch(url.replace('/graphql', '/rooms/x/logs'))),
        await socket(),
      ];
    },
    { url: service.graphqlUrl, authorization: `Bearer ${token}` },
  );
  expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'blocked'));
  await page.close();
});
