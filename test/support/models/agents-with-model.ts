import type { ModelOptions } from '../../../src/built-in-agents/model/create-models.ts';
import { type BuiltInAgents, startBuiltInAgents } from '../../../src/built-in-agents/start-built-in-agents.ts';
import type { AgentName } from '../../../src/orchestrator/domain/agents.ts';
import type { Content } from '../../../src/orchestrator/ports/content.ts';
import type { PaidAnswers } from '../../../src/orchestrator/ports/paid-answers.ts';
import type { ModelServerDouble } from './model-server.ts';

export const KEY = 'sk-secret-0123456789';
const PRICES = { inputPerMillion: 1, outputPerMillion: 10, perImage: 0.04 };

export type AgentsWithModel = BuiltInAgents & {
  stored: Map<string, Content>;
  /** Internal errors. */
  errors: unknown[];
  call(agent: AgentName, input: Record<string, unknown>, options?: CallOptions): Promise<Called>;
};

type CallOptions = { key?: string; signal?: AbortSignal };

type Line = Record<string, Record<string, unknown> | undefined>;

export type Called = {
  lines: Line[];
  /** The result, or the error. */
  last: Record<string, unknown>;
  result: Record<string, unknown> & { metadata?: Record<string, unknown> };
  logs: string[];
  /** What was streamed to each channel. */
  texts: Record<string, string>;
  usages: Record<string, unknown>[];
};

/** The built-in agents with the models of this server. */
export async function startAgentsWithModel(
  model: ModelServerDouble,
  settings: Partial<ModelOptions['settings']> = {},
  paidAnswers?: PaidAnswers,
): Promise<AgentsWithModel> {
  const stored = new Map<string, Content>();
  const errors: unknown[] = [];
  const agents = await startBuiltInAgents({
    content: { put: async (cid, value) => void stored.set(cid, value), get: async (cid) => stored.get(cid) ?? null },
    publicUrl: 'http://rooms.example',
    models: {
      settings: { apiKey: KEY, baseUrl: model.url, model: 'test-model', imageModel: null, prices: PRICES, ...settings },
      paidAnswers,
      waitingMs: 40,
    },
    onError: (_agent, error) => errors.push(error),
  });
  return {
    ...agents,
    ...{ stored, errors },
    async call(agent, input, { key, signal } = {}) {
      const response = await fetch(`${agents.urls[agent]}/${agent === 'deploy' ? 'deploy' : 'generate'}`, {
        method: 'POST',
        body: JSON.stringify(input),
        headers: { Accept: 'application/x-ndjson', ...(key === undefined ? {} : { 'Idempotency-Key': key }) },
        signal: signal ?? null,
      });
      return called(await response.text());
    },
  };
}

function called(text: string): Called {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const last = lines.at(-1) ?? {};
  const texts: Record<string, string> = {};
  for (const { partial } of lines) {
    if (partial === undefined) continue;
    const channel = String(partial['channel'] ?? 'output');
    texts[channel] = `${texts[channel] ?? ''}${String(partial['text'])}`;
  }
  return {
    ...{ lines, last, texts },
    result: last['result'] ?? {},
    logs: lines.flatMap(({ log }) => (log === undefined ? [] : [String(log['message'])])),
    usages: lines.flatMap(({ usage }) => (usage === undefined ? [] : [usage])),
  };
}
