import { publishingChecks } from '../../boot/check-publishing.ts';
import { ModelFailure } from '../../built-in-agents/model/model-server.ts';
import { checkModels } from '../../built-in-agents/model/openai/check-models.ts';
import type { Config } from '../../config/parse-config.ts';
import { type Finding, findingsOf } from './finding.ts';

const TIMEOUT_MS = 10_000;

const models = findingsOf('models');
const ipfs = findingsOf('IPFS');
const vercel = findingsOf('Vercel');

/** What the built-in agents use, as far as it is configured. */
export async function checkExternalServicesOf(config: Config): Promise<Finding[]> {
  const checks = publishingChecks(config.publishing);
  const found = await Promise.all([
    checkModelsOf(config),
    // What cannot be added is added later.
    checks.ipfs?.().then((message) => ipfs.ok(sentence(message)), failed(ipfs.warning)),
    checks.vercel?.().then((message) => vercel.ok(sentence(message)), failed(vercel.error)),
  ]);
  return found.filter((finding) => finding !== undefined);
}

async function checkModelsOf({ models: settings, agents }: Config): Promise<Finding | undefined> {
  if (settings === null || [agents.story, agents.asset, agents.code].every(({ url }) => url !== null)) return undefined;
  const { host } = new URL(settings.baseUrl);
  try {
    await checkModels(settings, AbortSignal.timeout(TIMEOUT_MS));
    return models.ok(`${host} answers${settings.apiKey === null ? '' : ' and accepts the key'}.`);
  } catch (error) {
    if (error instanceof ModelFailure && error.kind === 'no-endpoint') {
      return models.warning(`${host} answers but cannot list its models: check OPENAI_BASE_URL if calls fail.`);
    }
    if (error instanceof Error && /abort/i.test(error.name + error.message)) {
      return models.error(`${host} did not answer within ${TIMEOUT_MS / 1_000} s: check OPENAI_BASE_URL.`);
    }
    return failed(models.error)(error);
  }
}

const failed = (finding: (message: string) => Finding) => (error: unknown) =>
  finding(sentence(error instanceof Error ? error.message : String(error)));

/** A message of the log as a sentence. One that begins with a host name stays as it is. */
function sentence(message: string): string {
  const begins = /^[a-z]+ /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
  return /[.!?]$/.test(begins) ? begins : `${begins}.`;
}
