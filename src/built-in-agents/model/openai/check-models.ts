import { createOpenAiApi, type OpenAiSettings } from './api.ts';

/**
 * Checks that the server answers and accepts the key, with a request that costs nothing.
 * @throws {ModelFailure} whose message says what to do; of kind `no-endpoint` if the server cannot list its models, as
 *   some servers that work
 */
export async function checkModels(settings: OpenAiSettings, signal: AbortSignal): Promise<void> {
  await createOpenAiApi(settings).request('', async (client) => {
    const response = await client.models.list({ signal }).asResponse();
    await response.body?.cancel();
  });
}
