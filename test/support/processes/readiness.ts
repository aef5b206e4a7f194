import type { ServiceProcess } from './service-process.ts';

/** What /health/ready of a service answers: its status, and the reasons why it is not ready. */
export async function readinessOf({
  graphqlUrl,
}: Pick<ServiceProcess, 'graphqlUrl'>): Promise<{ status: number; reasons: Record<string, string> }> {
  const response = await fetch(new URL('/health/ready', graphqlUrl));
  const { reasons = {} } = (await response.json()) as { reasons?: Record<string, string> };
  return { status: response.status, reasons };
}
