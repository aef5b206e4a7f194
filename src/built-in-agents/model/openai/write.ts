import { type ModelCall, ModelFailure, type Tokens, type WriteRequest, type Written } from '../model-server.ts';
import type { OpenAiApi } from './api.ts';
import { readChunk } from './chunk.ts';
import { brokenStream, chunksOf } from './chunks-of.ts';
import type { About } from './failures.ts';
import { keyHeader } from './key-header.ts';
import { ALL_OPTIONS, chatBody, type Options, simplerOptions } from './options.ts';
import { because, reasonIn } from './reason.ts';

/** A model that writes more than this, in characters, repeats itself. */
const MAX_LENGTH = 1_000_000;

/** Writes text by streamed chat completions. Options that the server refuses are left out from then on. */
export function createWrite(api: OpenAiApi, model: string) {
  let accepted = ALL_OPTIONS;
  return async (request: WriteRequest, call: ModelCall): Promise<Written> => {
    for (let options = accepted; ; ) {
      try {
        const written = await send(api, model, request, options, call);
        accepted = options;
        return written;
      } catch (error) {
        const simpler = error instanceof ModelFailure ? simplerOptions(options, request, error) : null;
        if (simpler === null) throw error;
        options = simpler;
      }
    }
  };
}

function send(
  api: OpenAiApi,
  model: string,
  request: WriteRequest,
  options: Options,
  call: ModelCall,
): Promise<Written> {
  const body = chatBody(model, request, options);
  const prompt = request.messages.map(({ content }) => content).join('\n');
  const startedAt = performance.now();
  return api.request(prompt, async (client, about) => {
    const headers = keyHeader(call.idempotencyKey, body);
    const response = await client.chat.completions.create(body, { signal: call.signal, headers }).asResponse();
    const { values, saidDone } = await chunksOf(response, client, about, call.signal);
    const found = { text: '', refusal: '', hasReasoning: false, finish: null as string | null };
    let firstTokenMs: number | null = null;
    const tokens: Tokens & { model: string } = { model };
    try {
      for await (const value of values) {
        const chunk = readChunk(value);
        if (chunk === null) continue;
        found.text += chunk.text;
        found.refusal += chunk.refusal;
        found.hasReasoning ||= chunk.hasReasoning;
        found.finish = chunk.finish ?? found.finish;
        tokens.model = chunk.model || tokens.model;
        tokens.inputTokens = chunk.inputTokens ?? tokens.inputTokens;
        tokens.outputTokens = chunk.outputTokens ?? tokens.outputTokens;
        if (chunk.text !== '') {
          firstTokenMs ??= performance.now() - startedAt;
          call.onText(chunk.text);
        }
        if (found.text.length > MAX_LENGTH)
          throw new ModelFailure(`${about.label}: the model did not stop writing`, { tokens });
      }
    } catch (error) {
      const hasBegun = found.text !== '' || found.hasReasoning;
      // It is paid, and how much it used is unknown: that is not nothing.
      if (!(error instanceof ModelFailure) || error.tokens !== undefined || !hasBegun) throw error;
      throw new ModelFailure(error.message, { ...error, tokens });
    }
    const problem = problemOf(found, saidDone(), about);
    if (problem !== null) throw new ModelFailure(problem.message, { isFinal: problem.isFinal, tokens });
    const durationMs = performance.now() - startedAt;
    return {
      ...tokens,
      text: found.text,
      isCut: found.finish === 'length',
      firstTokenMs: Math.round(firstTokenMs ?? durationMs),
      durationMs: Math.round(durationMs),
    };
  });
}

type Found = { text: string; refusal: string; hasReasoning: boolean; finish: string | null };

/** Why this is no answer; null when it is one. */
function problemOf(found: Found, isDone: boolean, about: About): ModelFailure | null {
  const { label } = about;
  const final = (message: string) => new ModelFailure(message, { isFinal: true });
  if (found.refusal.trim() !== '') {
    return final(`${label}: the model refused${because(reasonIn(found.refusal, about))}`);
  }
  if (found.finish === 'content_filter') return final(`${label}: the answer was stopped by the content filter`);
  if (found.finish === null && !isDone) return brokenStream(about);
  if (found.text.trim() !== '') return null;
  if (!found.hasReasoning) return new ModelFailure(`${label}: the model answered with nothing`);
  const advice = 'and wrote no answer: raise the limit on the server, or set OPENAI_MODEL to another one';
  // The next attempt would be paid for the same.
  if (found.finish === 'length')
    return final(`${label}: the model only reasoned until it reached its output limit ${advice}`);
  return new ModelFailure(`${label}: the model only reasoned ${advice}`);
}
