import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ModelFailure, WriteRequest } from '../model-server.ts';

/** How a server is asked for JSON: by a schema, by the word JSON, or by the prompt alone. */
const JSON_STYLES = ['json_schema', 'json_object', 'prompt'] as const;

/** Which options of a request the server accepts, as far as is known. */
export type Options = {
  jsonStyle: (typeof JSON_STYLES)[number];
  hasUsageOption: boolean;
  hasSeed: boolean;
};

export const ALL_OPTIONS: Options = { jsonStyle: 'json_schema', hasUsageOption: true, hasSeed: true };

/** The body of the request with these options. No limit of the output is sent: servers know it by different names. */
export function chatBody(model: string, request: WriteRequest, options: Options): ChatCompletionCreateParamsStreaming {
  const { messages, schema, seed } = request;
  return {
    model,
    messages: schema === undefined || options.jsonStyle === 'json_schema' ? [...messages] : withSchema(request),
    stream: true,
    ...(options.hasUsageOption ? { stream_options: { include_usage: true } } : {}),
    ...(seed !== undefined && options.hasSeed ? { seed } : {}),
    ...(schema === undefined ? {} : responseFormat(schema, options.jsonStyle)),
  };
}

function responseFormat(
  schema: NonNullable<WriteRequest['schema']>,
  style: Options['jsonStyle'],
): Pick<ChatCompletionCreateParamsStreaming, 'response_format'> {
  if (style === 'prompt') return {};
  if (style === 'json_object') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } };
}

function withSchema({ messages, schema }: WriteRequest): WriteRequest['messages'][number][] {
  const [system, ...rest] = messages;
  const demand = `Answer with one JSON object that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema?.schema)}`;
  return [{ role: 'system', content: `${system?.content ?? ''}\n\n${demand}` }, ...rest];
}

/**
 * The options to repeat a rejected request with; null when the request is to blame. A server that does not know an
 * option names it, but one that cannot do JSON schemas may fail with 500 and a word about its grammar.
 */
export function simplerOptions(options: Options, request: WriteRequest, failure: ModelFailure): Options | null {
  if (failure.kind !== 'rejected') return null;
  const names = (option: string) => failure.body.includes(option);
  if (options.hasUsageOption && (names('stream_options') || names('include_usage'))) {
    return { ...options, hasUsageOption: false };
  }
  if (options.hasSeed && request.seed !== undefined && /\bseed\b/.test(failure.body))
    return { ...options, hasSeed: false };
  const isAboutFormat = failure.status === 500 || failure.status === 501 || (failure.status ?? 500) < 500;
  const next = JSON_STYLES[JSON_STYLES.indexOf(options.jsonStyle) + 1];
  return request.schema !== undefined && isAboutFormat && next !== undefined ? { ...options, jsonStyle: next } : null;
}
