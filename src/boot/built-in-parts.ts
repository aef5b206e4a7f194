import type { ModelConfig } from '../config/models.ts';
import type { Config } from '../config/parse-config.ts';
import { builtInAgents } from './open-agents.ts';

/** The built-in parts that this process uses, for the operator. */
export function builtInParts(config: Config, embeddedIn: string | null): string[] {
  const builtIn = builtInAgents(config);
  const agents = builtIn.join(', ');
  return [
    ...(embeddedIn === null ? [] : [`the embedded PostgreSQL in ${embeddedIn} (set DATABASE_URL to use your own)`]),
    ...(config.redisUrl === null ? ['the in-process queue and pub/sub (set REDIS_URL to run several processes)'] : []),
    ...(agents === '' ? [] : [`the built-in agents ${agents} (set STORY_AGENT_URL … to use your own)`]),
    ...(config.models !== null && builtIn.some((agent) => agent !== 'deploy') ? [modelsInUse(config.models)] : []),
  ];
}

function modelsInUse({ model, imageModel, baseUrl }: ModelConfig): string {
  const names = imageModel === null ? `model ${model}` : `models ${model} and ${imageModel}`;
  return `the ${names} at ${new URL(baseUrl).host}, which may cost money`;
}
