import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images';
import { z } from 'zod';
import { type Drawn, type DrawRequest, type ModelCall, ModelFailure, type Unusable } from '../model-server.ts';
import type { OpenAiApi } from './api.ts';
import { keyHeader } from './key-header.ts';

/** A page with the picture must stay below the largest answer of an agent. */
const MAX_BYTES = 6 * 1024 * 1024;

const answer = z.looseObject({
  data: z.array(z.looseObject({ b64_json: z.string().nullish(), url: z.string().nullish() })).min(1),
  usage: z
    .looseObject({ input_tokens: z.number().optional(), output_tokens: z.number().optional() })
    .nullish()
    .catch(undefined),
});

/** What each family of models accepts differs: `gpt-image` refuses `response_format`, and others demand it. */
function bodies(model: string, prompt: string): ImageGenerateParamsNonStreaming[] {
  const plain = { model, prompt, n: 1 };
  return /^(gpt-image|chatgpt-image)/.test(model)
    ? [{ ...plain, size: '1536x1024', output_format: 'jpeg' }, plain]
    : [{ ...plain, size: '1024x1024', response_format: 'b64_json' }, plain];
}

/** Draws a picture with an image model. */
export function createDraw(api: OpenAiApi, model: string) {
  return async (request: DrawRequest, call: Omit<ModelCall, 'onText'>): Promise<Drawn | Unusable> => {
    const [body, simpler] = bodies(model, request.prompt);
    const startedAt = performance.now();
    try {
      return await send(body);
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      if (error.kind === 'rejected' && error.isFinal) return await send(simpler);
      throw cannotDraw(api.label, error) ?? error;
    }

    function send(params: ImageGenerateParamsNonStreaming | undefined): Promise<Drawn | Unusable> {
      return api.request(request.prompt, async (client, { label }) => {
        const sent = params ?? { model, prompt: request.prompt };
        const headers = keyHeader(call.idempotencyKey, sent);
        const response = await client.images.generate(sent, { signal: call.signal, headers }).asResponse();
        const parsed = answer.safeParse(await response.json().catch(() => null));
        const [image] = parsed.data?.data ?? [];
        const bytes = await bytesOf(image, call.signal);
        const contentType = bytes === null ? null : typeOf(bytes);
        const used = {
          model,
          inputTokens: parsed.data?.usage?.input_tokens,
          outputTokens: parsed.data?.usage?.output_tokens,
        };
        // The answer is paid: it is kept, and not asked for again.
        if (bytes === null || contentType === null)
          return { ...used, whyNot: `${label} answered with something that is no PNG, JPEG or WebP picture` };
        if (bytes.length > MAX_BYTES) return { ...used, whyNot: `${label} made a picture of more than 6 MiB` };
        return {
          ...used,
          contentType,
          base64: bytes.toString('base64'),
          durationMs: Math.round(performance.now() - startedAt),
        };
      });
    }
  };
}

/** The failure of a server that draws nothing, or not with this model; null for any other. */
function cannotDraw(label: string, failure: ModelFailure): ModelFailure | null {
  if (failure.kind === 'no-model') return new ModelFailure(failure.message, { ...failure, kind: 'no-images' });
  if (failure.kind !== 'no-endpoint') return null;
  return new ModelFailure(
    `${label} draws no pictures (${failure.status}): unset OPENAI_IMAGE_MODEL, or set OPENAI_BASE_URL to a server that does`,
    { ...failure, kind: 'no-images' },
  );
}

/** The picture itself, or what is behind its URL. */
async function bytesOf(
  image: { b64_json?: string | null | undefined; url?: string | null | undefined } | undefined,
  signal: AbortSignal,
): Promise<Buffer | null> {
  if (image?.b64_json) return Buffer.from(image.b64_json, 'base64');
  if (!image?.url || !/^https?:/.test(image.url)) return null;
  const response = await fetch(image.url, { signal, redirect: 'error' }).catch(() => null);
  return response?.ok === true ? Buffer.from(await response.arrayBuffer()) : null;
}

/** By the first bytes; null for what browsers do not show as a picture. */
function typeOf(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 12).toString('latin1');
  if (head.startsWith('\x89PNG\r\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp';
  return null;
}
