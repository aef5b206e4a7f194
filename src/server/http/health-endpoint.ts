import type { ServerResponse } from 'node:http';
import type { Health, HealthReport, ServerLog } from '../options.ts';
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
  let checking: Promise<HealthReport> | null = null;
  /** Anybody may ask, as often as they like: who asks while a check is under way is given its answer. */
  const isReady = (): Promise<HealthReport> => {
    checking ??= check().finally(() => {
      checking = null;
    });
    return checking;
  };
  return async (res: ServerResponse, path: string): Promise<void> => {
    if (path === '/health/live') return sendReport(res, health.live());
    if (path !== '/health/ready') return sendError(res, 404, 'NOT_FOUND', 'There are /health/live and /health/ready.');
    if (isDraining()) return sendJson(res, 503, { status: 'draining' });
    sendReport(res, await isReady());
  };
}

function sendReport(res: ServerResponse, { ok, details }: HealthReport): void {
  sendJson(res, ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', ...details });
}
