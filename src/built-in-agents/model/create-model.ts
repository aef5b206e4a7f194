import { z } from 'zod';
import { Refusal, TemporaryFailure, type Tools, type Usage } from '../define-agent.ts';
import { type Model, type ModelText, tokensPerSecond, type WriteOptions, wasStreamed } from './model.ts';
import {
  type Drawn,
  type Message,
  ModelFailure,
  type ModelServer,
  type Unusable,
  type WriteRequest,
  type Written,
} from './model-server.ts';
import type { PaidFor, PaidRequests } from './paid-requests.ts';
import { jsonIn } from './plain-answer.ts';
import { costOfImages, costOfText, type Prices } from './prices.ts';
import { reportWaiting } from './report-waiting.ts';
import { streamText } from './stream-text.ts';

export type ModelDeps = {
  server: ModelServer;
  prices: Prices;
  paid: PaidRequests;
  /** Time between two lines that say that the model is still working, in ms. */
  waitingMs: number;
};

/** One call of an agent. */
export type ModelCaller = {
  idempotencyKey: string | null;
  /** Aborts when the connection of the call is closed, after its answer or before. */
  signal: AbortSignal;
  tools: Pick<Tools, 'report' | 'partial' | 'usage'>;
};

/** The model for one call of an agent: it pays once, reports what it used, and says that it is working. */
export function createModel({ server, prices, paid, waitingMs }: ModelDeps, caller: ModelCaller): Model {
  const { idempotencyKey: key, signal, tools } = caller;

  async function write(messages: readonly Message[], options: WriteOptions = {}): Promise<ModelText> {
    return ask({ messages, seed: options.seed }, options.stream);
  }

  async function ask(request: WriteRequest, stream: WriteOptions['stream']): Promise<ModelText> {
    const waiting = reportWaiting(tools.report, waitingMs);
    const shown = stream && streamText(stream.visible, (piece) => tools.partial(piece, stream.channel));
    const onText = (text: string) => {
      waiting.heard(text.length);
      shown?.add(text);
    };
    try {
      const found = await paid.run<Written>({
        ...{ key, signal, onText },
        question: [server.label, server.model, request],
        pay: (call) => server.write(request, { ...call, idempotencyKey: key }),
        onLost: () => tools.usage({ model: server.model, images: 0 }),
      });
      waiting.end();
      await shown?.end(found.answer.text);
      await report(found, { ...usageOf(found.answer), images: 0, costUsd: costOfText(found.answer, prices) });
      await tools.report(summary(found), { model: found.answer.model });
      return { ...found.answer, forget: found.forget };
    } catch (error) {
      throw agentFailure(error);
    } finally {
      shown?.stop();
      waiting.end();
    }
  }

  /** Reports what was used to the first caller that is still there: so it is counted once. */
  async function report<T>(found: PaidFor<T>, usage: Usage): Promise<void> {
    if (found.isReported() || signal.aborted) return;
    tools.usage(usage);
    await found.markReported().catch(() => undefined);
  }

  async function writeJson<T>(
    messages: readonly Message[],
    name: string,
    schema: z.ZodType<T>,
    seed?: number,
  ): Promise<T | null> {
    const format = { name, schema: jsonSchema(schema) };
    const first = await ask({ messages, schema: format, seed }, undefined);
    const parsed = schema.safeParse(jsonIn(first.text));
    if (parsed.success) return parsed.data;
    await tools.report('The model’s answer does not fit the schema: asking once more');
    const repair: Message = {
      role: 'user',
      content: `This does not fit the schema: ${z.prettifyError(parsed.error)}\nAnswer with the corrected JSON object and nothing else.`,
    };
    const again = [...messages, { role: 'assistant' as const, content: first.text }, repair];
    const second = await ask({ messages: again, schema: format, seed }, undefined);
    const repaired = schema.safeParse(jsonIn(second.text));
    return repaired.success ? repaired.data : null;
  }

  async function draw(prompt: string): Promise<Drawn | { whyNot: string }> {
    const waiting = reportWaiting(tools.report, waitingMs);
    try {
      const found = await paid.run<Drawn | Unusable>({
        ...{ key, signal, onText: () => {} },
        question: [server.label, server.imageModel, 'draw', prompt],
        pay: (call) => server.draw({ prompt }, { ...call, idempotencyKey: key }),
        onLost: () => tools.usage({ model: server.imageModel ?? undefined }),
      });
      await report(found, { ...usageOf(found.answer), images: 1, costUsd: costOfImages(1, prices) });
      return found.answer;
    } catch (error) {
      if (error instanceof ModelFailure && error.kind === 'no-images') return { whyNot: error.message };
      throw agentFailure(error);
    } finally {
      waiting.end();
    }
  }

  /** What goes to the caller of the agent; and what the failed request used all the same. */
  function agentFailure(error: unknown): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      return new TemporaryFailure(`${server.label} did not finish its answer within ten minutes`);
    }
    if (!(error instanceof ModelFailure)) return error;
    const { tokens, status, retryAfter } = error;
    if (tokens !== undefined) tools.usage({ ...tokens, images: 0, costUsd: costOfText(tokens, prices) });
    if (error.isFinal) return new Refusal(error.message);
    return new TemporaryFailure(error.message, { status: status === 429 ? 429 : 503, retryAfter });
  }

  return { name: server.model, canDraw: server.imageModel !== null, write, writeJson, draw };
}

const usageOf = ({ model, inputTokens, outputTokens }: Written | Drawn | Unusable): Usage => ({
  model,
  inputTokens,
  outputTokens,
});

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema);
  return rest;
}

function summary({ answer, isRepeated }: PaidFor<Written>): string {
  const { model, outputTokens, firstTokenMs, durationMs } = answer;
  const seconds = (ms: number) => (ms < 100 ? 'less than 0.1 s' : `${(ms / 1_000).toFixed(1)} s`);
  const amount = outputTokens === undefined ? `${answer.text.length} characters` : `${outputTokens} tokens`;
  const rate = tokensPerSecond(answer);
  const first = wasStreamed(answer) ? `, the first after ${seconds(firstTokenMs)}` : '';
  const speed = rate === undefined ? '' : `, ${rate} tokens a second`;
  const begin = isRepeated ? 'An earlier call had already asked for this, so it is not paid again: ' : '';
  return `${begin}${model} wrote ${amount} in ${seconds(durationMs)}${first}${speed}`;
}
