import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliveryMetrics } from '../../../src/metrics/delivery-metrics.ts';
import { createEngineMetrics } from '../../../src/metrics/engine-metrics.ts';
import { createLoadMetrics } from '../../../src/metrics/load-metrics.ts';
import { byAgent } from '../../../src/orchestrator/domain/agents.ts';
import { programFromDebian } from '../../support/processes/debian-package.ts';

const OPS = fileURLToPath(new URL('../../../ops', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-ops-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs promtool. @throws with what it says, if it is not satisfied */
async function promtool(...args: string[]): Promise<void> {
  await promisify(execFile)(await programFromDebian('promtool', 'prometheus'), args, { cwd: OPS });
}

/** The names of all metrics that the service has. */
function metricNames(): Set<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  createEngineMetrics(registry);
  createDeliveryMetrics(registry).collectFrom({
    watchers: () => ({ webSocket: 0, eventStream: 0 }),
    pool: () => ({ busy: 0, idle: 0, waiting: 0 }),
    readClockOffsetMs: async () => 0,
  });
  createLoadMetrics(registry, {
    readLoad: async () => ({ agents: [], workflows: { running: 0, queued: 0 } }),
    slots: { running: () => byAgent(() => 0), limits: byAgent(() => 0) },
    healthOf: async () => null,
    onError: () => {},
  });
  return new Set(registry.getMetricsAsArray().map(({ name }) => name));
}

const namesIn = (text: string) =>
  [...text.matchAll(/\b(?:hauntedai|nodejs|process)_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));

type Dashboard = { panels: { title: string; type: string; targets?: { expr: string }[] }[] };

async function dashboard(): Promise<Dashboard> {
  return JSON.parse(await readFile(join(OPS, 'dashboard.json'), 'utf8')) as Dashboard;
}

test('the alert rules are valid, and each of their tests passes', async () => {
  await promtool('check', 'rules', 'alerts.yml');
  await promtool('test', 'rules', 'alerts.test.yml');
});

test('every alert says what to do, and has a test', async () => {
  const rules = await readFile(join(OPS, 'alerts.yml'), 'utf8');
  const tests = await readFile(join(OPS, 'alerts.test.yml'), 'utf8');
  const names = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(rules.match(/^ +action: ".+\."$/gm)).toHaveLength(names.length);
  for (const name of names) expect(tests, name).toContain(name);
});

test('the rules and the dashboard ask only for metrics that the service has', async () => {
  const known = metricNames();
  const rules = await readFile(join(OPS, 'alerts.yml'), 'utf8');
  const asked = [...rules.matchAll(/expr: (?:\|\n)?((?:.+\n)+?)(?= +(?:for|labels):)/g)].map(([, expr = '']) => expr);
  const { panels } = await dashboard();
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  for (const expr of [...asked, ...shown]) {
    for (const name of namesIn(expr)) expect(known, expr).toContain(name);
  }
  expect(asked).toHaveLength(rules.match(/- alert: /g)?.length ?? 0);
  expect(shown.length).toBeGreaterThan(20);
});

test('every query of the dashboard is one that Prometheus understands', async () => {
  const { panels } = await dashboard();
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries.map((expr, index) => ({
    record: `query:${index}`,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*'),
  }));
  const file = join(folder, 'queries.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  await promtool('check', 'rules', file);
});
