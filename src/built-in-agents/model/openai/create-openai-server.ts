import { ModelFailure, type ModelServer } from '../model-server.ts';
import { createOpenAiApi, type OpenAiSettings } from './api.ts';
import { createDraw } from './draw.ts';
import { createWrite } from './write.ts';

/** A server that speaks OpenAI's chat completions: OpenAI itself, a gateway, or a server on this machine. */
export function createOpenAiServer(settings: OpenAiSettings): ModelServer {
  const api = createOpenAiApi(settings);
  const { model, imageModel } = settings;
  const noImages = async () => {
    throw new ModelFailure('OPENAI_IMAGE_MODEL is not set', { kind: 'no-images', isFinal: true });
  };
  return {
    label: api.label,
    model,
    imageModel,
    write: createWrite(api, model),
    draw: imageModel === null ? noImages : createDraw(api, imageModel),
  };
}
