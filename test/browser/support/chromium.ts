import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { programFromDebian } from '../../support/processes/debian-package.ts';

export type TestBrowser = {
  readonly context: BrowserContext;
  /** Every URL that any page asked for, WebSockets included, in order. */
  readonly requested: readonly string[];
  close(): Promise<void>;
};

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing outside resolves: a page that needs the network is seen to fail.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** A headless Chromium with an empty profile, from PATH or installed as programFromDebian does. */
export async function launchChromium(): Promise<TestBrowser> {
  const executablePath = await programFromDebian('chromium', 'chromium');
  const profile = await mkdtemp(join(tmpdir(), 'test-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    chromiumSandbox: false, // as root it has none
    args: FLAGS,
  });
  const requested: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => requested.push(socket.url())));
  return {
    context,
    requested,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
