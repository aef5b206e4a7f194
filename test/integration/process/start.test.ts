import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../../support/engine/fixtures.ts';
import { agentUrls, failToStart, startService } from '../../support/processes/service-process.ts';

const oneLine = /^[^\n]+\n$/;

describe('a service that cannot start', () => {
  test('a service with invalid variables reports all of them at once, one per line', async () => {
    const { code, stderr, stdout } = await failToStart({
      PORT: 'abc',
      RETRY_MAX_ATTEMPTS: '0',
      STORY_AGENT_URL: 'ftp://somewhere',
      DATABASE_URL: 'mysql://user:secret@host/db',
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const names = stderr
      .trim()
      .split('\n')
      .map((line) => line.slice(0, line.indexOf(':')));
    expect(names.sort()).toEqual(['DATABASE_URL', 'PORT', 'RETRY_MAX_ATTEMPTS', 'STORY_AGENT_URL']);
    expect(stderr).not.toContain('secret');
  });

  test('a service whose .env cannot be read reports that in one line', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'orchestrator-env-'));
    await mkdir(join(cwd, '.env'));
    const { code, stderr } = await failToStart({}, cwd);
    await rm(cwd, { recursive: true });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^\.env cannot be read: [^\n]+\n$/) });
  });

  test('a service whose port is in use names the port in one line', async ({ database }) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await failToStart({ DATABASE_URL: database.url, PORT: String(port) });
    taken.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(oneLine) });
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
  });

  test('a service whose database is unreachable names its address, without the password', async () => {
    const { code, stderr } = await failToStart({ DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/db' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(oneLine) });
    expect(stderr).toContain('DATABASE_URL: cannot use the database at 127.0.0.1:1');
    expect(stderr).not.toContain('secret');
  });

  test('a service that cannot create DATA_DIR names the folder and the reason in one line', async () => {
    // In /proc, Node's own recursive mkdir never returns.
    for (const dataDir of [existsSync('/proc') ? '/proc/hauntedai' : '/dev/null/hauntedai', '/dev/null/hauntedai/x']) {
      const { code, stderr } = await failToStart({ DATA_DIR: dataDir });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(oneLine) });
      expect(stderr).toMatch(
        /^embedded PostgreSQL: (cannot use|no permission to use) \S+ \(E[A-Z]+: .+set DATA_DIR to/,
      );
      expect(stderr).toContain(dataDir);
    }
  });

  test('a service whose database is in use names the process that uses it in one line, and leaves that one running', async ({
    database,
    agents,
  }) => {
    const first = await startService({ DATABASE_URL: database.url, ...agentUrls(agents.urls) });
    const { code, stderr } = await failToStart({ DATABASE_URL: database.url });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(oneLine) });
    expect(stderr).toContain(
      `The database of DATABASE_URL is already in use by process ${first.pid}. Stop that process`,
    );
    const health = await fetch(new URL('/health/ready', first.graphqlUrl));
    expect(health.status).toBe(200);
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('shutdown', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`a service stopped by ${signal} exits with 0, and the next one starts at once`, async ({
      database,
      agents,
    }) => {
      const env = { DATABASE_URL: database.url, ...agentUrls(agents.urls) };
      for (let round = 0; round < 2; round += 1) {
        const service = await startService(env);
        expect(await service.stop(signal)).toEqual({ code: 0, signal: null });
      }
    });
  }
});
