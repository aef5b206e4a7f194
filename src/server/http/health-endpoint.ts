import type { ServerResponse } from 'node:http';
import type { Health, HealthReport, ServerLog } from '../server-options.ts';
import { sendError, sendJson } from './reply.ts';

export type HealthEndpointOptions = { health: Health; isDraining: () => boolean; log: ServerLog };

/** /health/live and /health/ready: 200 or 503, with JSON. */
export function createHealthEndpoint({ health, isDraining, log }: HealthEndpointOptions) {
  const check = async (): Promise<HealthReport> => {
    try {
      return await health.ready();
    } catch (error) {
      log.warn({ err: error }, 'the readiness check failed');
      return { ok: false };
    }
  };
  let current: Promise<HealthReport> | null = null;
  /** Anyone may call it at any rate, so requests that arrive during a check share its result. */
  const checkOnce = (): Promise<HealthReport> => {
    current ??= check().finally(() => {
      current = null;
    });
    return current;
  };
  return async (res: ServerResponse, path: string): Promise<void> => {
    if (path === '/health/live') return sendReport(res, health.live());
    if (path !== '/health/ready') {
      return sendError(res, 404, 'NOT_FOUND', 'Health is served at /health/live and /health/ready.');
    }
    if (isDraining()) return sendJson(res, 503, { status: 'draining' });
    sendReport(res, await checkOnce());
  };
}

function sendReport(res: ServerResponse, { ok, details }: HealthReport): void {
  sendJson(res, ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', ...details });
}
