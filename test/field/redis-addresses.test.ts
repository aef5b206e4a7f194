import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { checkRedis } from '../../src/redis/check-redis.ts';
import { dataOf, query } from '../support/clients/graphql-clients.ts';
import { test } from '../support/engine/fixtures.ts';
import { makeCertificates } from '../support/network/certificates.ts';
import { freePort } from '../support/network/free-port.ts';
import { readinessOf } from '../support/processes/readiness.ts';
import { agentUrls, failToStart, type ServiceProcess, startService } from '../support/processes/service-process.ts';
import { makeTemporaryFolder } from '../support/processes/temporary-folder.ts';
import { startRedis } from '../support/redis/test-redis.ts';

const START = 'mutation { startWorkflow(input: { userInput: "a lamp" }) { workflow { id } } }';
type Started = { startWorkflow: { workflow: { id: string } } };

async function startWorkflow(service: ServiceProcess): Promise<string> {
  return dataOf(await query<Started>(service.graphqlUrl, START)).startWorkflow.workflow.id;
}

async function tlsRedis({ clientCertificates = 'no' } = {}) {
  const folder = await makeTemporaryFolder();
  const { ca, cert, key } = await makeCertificates(folder, 'DNS:localhost');
  const tlsPort = await freePort();
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', ca];
  const redis = await startRedis({
    own: true,
    settings: ['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', clientCertificates],
  });
  onTestFinished(() => redis.stop());
  return { ca, tlsPort, plainPort: redis.port };
}

describe('Redis over TLS with a private CA', () => {
  test('the service uses it with NODE_EXTRA_CA_CERTS', async ({ database, agents, rows }) => {
    const { ca, tlsPort } = await tlsRedis();
    const service = await startService({
      DATABASE_URL: database.url,
      REDIS_URL: `rediss://localhost:${tlsPort}`,
      NODE_EXTRA_CA_CERTS: ca,
      ...agentUrls(agents.urls),
    });
    onTestFinished(() => void service.stop('SIGKILL'));
    expect(await readinessOf(service)).toEqual({ status: 200, reasons: {} });
    expect(await rows.ended(await startWorkflow(service))).toMatchObject({ status: 'succeeded' });
  });

  test('what does not fit is refused at the start in one line', { timeout: 120_000 }, async ({ database }) => {
    const [open, strict] = await Promise.all([tlsRedis(), tlsRedis({ clientCertificates: 'yes' })]);
    const refusal = async (url: string, ca?: string) => {
      const env = { DATABASE_URL: database.url, REDIS_URL: url, ...(ca !== undefined && { NODE_EXTRA_CA_CERTS: ca }) };
      const { code, stderr } = await failToStart(env);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^REDIS_URL: [^\n]+\n$/) });
      return stderr;
    };
    expect(await refusal(`rediss://localhost:${open.tlsPort}`)).toMatch(
      /is not trusted\. .*set NODE_EXTRA_CA_CERTS to/,
    );
    expect(await refusal(`rediss://127.0.0.1:${open.tlsPort}`, open.ca)).toMatch(
      /has a certificate for another host name/,
    );
    const problems = async (url: string) =>
      (await checkRedis(url, 'hauntedai-test')).problems.map(({ summary }) => summary);
    expect(await problems(`redis://localhost:${open.tlsPort}`)).toEqual(['expects TLS']);
    expect(await problems(`rediss://localhost:${open.plainPort}`)).toEqual(['does not speak TLS at this port']);
    expect(await refusal(`rediss://localhost:${strict.tlsPort}`, strict.ca)).toMatch(/requires a client certificate/);
  });
});

test('a Redis behind a Unix socket is used', async ({ database, agents, rows }) => {
  const socket = join(await makeTemporaryFolder(), 'redis.sock');
  const redis = await startRedis({ own: true, settings: ['--unixsocket', socket] });
  onTestFinished(() => redis.stop());
  const service = await startService({
    DATABASE_URL: database.url,
    REDIS_URL: `unix://${socket}?db=2`,
    ...agentUrls(agents.urls),
  });
  onTestFinished(() => void service.stop('SIGKILL'));
  expect(await readinessOf(service)).toEqual({ status: 200, reasons: {} });
  expect(await rows.ended(await startWorkflow(service))).toMatchObject({ status: 'succeeded' });
});
