import { identifyListener } from '../../client/service-health.ts';
import type { Config } from '../../config/parse-config.ts';
import { localUrl, releasePort, reservePort } from '../../server/http/listen.ts';
import { type Finding, findingsOf } from './finding.ts';

const ports = findingsOf('ports');

/** Ports must be free, unless the service uses them already. */
export async function checkPortsOf({ server: { host, port }, metricsPort }: Config): Promise<Finding[]> {
  const api = await checkPort(host, port, 'PORT');
  if (api === 'service') return [ports.ok(`The service is running at ${localUrl(host, port)}.`)];
  const metrics = metricsPort === null ? [] : [await checkPort(host, metricsPort, 'METRICS_PORT')];
  return [api, ...metrics.filter((finding) => finding !== 'service')];
}

/** @returns `service` if the service listens there */
async function checkPort(host: string, port: number, variable: string): Promise<Finding | 'service'> {
  if (port === 0) return ports.ok(`${variable}=0: a free port is chosen at each start.`);
  try {
    releasePort(await reservePort(host, port, { port: variable, host: 'HOST' }));
    return ports.ok(`Port ${port} on ${host} is free.`);
  } catch (error) {
    const listener = await identifyListener(new URL(localUrl(host, port)), new AbortController().signal);
    return listener === 'service' ? listener : ports.error(error instanceof Error ? error.message : String(error));
  }
}
