import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { programFromDebian } from '../../support/processes/debian-package.ts';

export type TestBrowser = {
  readonly context: BrowserContext;
  /** Every URL that any page requested, in order, including WebSockets. */
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
  // No other host name resolves, so a page that needs the network fails.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/** Starts a headless Chromium with an empty profile. It is installed when there is none, see programFromDebian. */
export async function launchChromium(): Promise<TestBrowser> {
  const executablePath = await programFromDebian('chromium', 'chromium');
  const profile = await mkdtemp(join(tmpdir(), 'test-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    chromiumSandbox: false, // there is no sandbox when running as root
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
