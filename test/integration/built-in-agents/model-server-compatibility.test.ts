import { afterEach, describe, expect, test } from 'vitest';
import { type AgentsWithModel, startAgentsWithModel } from '../../support/models/agents-with-model.ts';
import { STORY, STORY_BODY } from '../../support/models/answers.ts';
import { type ModelServerDouble, type Play, startModelServer } from '../../support/models/model-server.ts';
import { fails, sendsEvents, sendsJson, streams } from '../../support/models/plays.ts';

let model: ModelServerDouble;
let agents: AgentsWithModel;

type Settings = { apiKey?: string | null /** What follows the origin. */; basePath?: string; endpoints?: string[] };

async function start(play: Play, { basePath = '/v1', endpoints, ...settings }: Settings = {}): Promise<void> {
  model = await startModelServer(play, endpoints === undefined ? {} : { endpoints });
  agents = await startAgentsWithModel(model, { baseUrl: model.origin + basePath, ...settings });
}
afterEach(async () => {
  await agents.close();
  await model.close();
});

const ask = (input: Record<string, unknown> = { input: 'a freezer' }) => agents.call('story', input);

describe('a server that is not fully compatible', () => {
  test.each<[string, Play]>([
    ['thoughts before it', streams(`<think>\nHm, a freezer.\n</think>\n\n${STORY}`)],
    ['a fence around it', streams(`\`\`\`text\n${STORY}\n\`\`\``)],
    ['no usage', streams(STORY, { usage: null })],
    ['no [DONE]', streams(STORY, { sendsDone: false })],
    ['no finish_reason', streams(STORY, { finish: null })],
    ['its content in parts', streams('', { pieces: [[{ type: 'text', text: STORY }]] as never })],
    [
      'all of it at once, as JSON',
      sendsJson({ model: 'm', choices: [{ message: { content: STORY }, finish_reason: 'stop' }] }),
    ],
    ['its title in bold', streams(STORY.replace('# The Clock of Rain', '**The Clock of Rain**'))],
    ['another mark before its title', streams(STORY.replace('# The Clock', 'Title: The Clock'))],
  ])('a story with %s is read', async (_what, play) => {
    await start(play);
    const { last, texts } = await ask();
    expect(last['result']).toMatchObject({ story: STORY_BODY, metadata: { title: 'The Clock of Rain' } });
    expect(texts).toEqual({ story: STORY_BODY });
  });

  test.each(['The sea whispered.', 'The sea whispered.\n\nNobody heard it.', 'T', '*', '# The sea whispered'])(
    'an answer without a marked title is the story as a whole: %j',
    async (text) => {
      await start(streams(text));
      const { result, texts } = await ask({ input: 'a lighthouse' });
      expect(result).toMatchObject({ story: text, metadata: { title: 'A lighthouse' } });
      expect(texts).toEqual({ story: text });
    },
  );

  test('a stream that is cut inside of characters, with comments and blank lines, is read', async () => {
    const event = Buffer.from(
      `data: ${JSON.stringify({ choices: [{ delta: { content: STORY }, finish_reason: 'stop' }] })}\n\n`,
    );
    const parts: (string | Uint8Array)[] = [': keep-alive\n\n', '\n'];
    for (let start = 0; start < event.length; start += 3) parts.push(event.subarray(start, start + 3));
    await start(sendsEvents([...parts, ': ping\n\n', 'data: [DONE]\n\n'], 0));
    expect((await ask()).last['result']).toMatchObject({ story: STORY_BODY });
  });

  test('an emoji that is cut between two pieces is streamed whole', async () => {
    const [first = '', second = ''] = '👻'.split('');
    await start(streams('', { pieces: ['The ', first, second, ' waits in the old house by the sea.'] }));
    const { result, texts } = await ask();
    expect(String(result['story'])).toContain('👻');
    expect(texts['story']).not.toContain('\ufffd');
  });

  test('tokens that the server does not count are unknown, and so is the cost', async () => {
    await start(streams(STORY, { usage: null }));
    const { lines } = await ask();
    expect(lines.find(({ usage }) => usage !== undefined)?.['usage']).toEqual({ model: 'test-model', images: 0 });
  });

  test.each(['', '/', '/v1', '/v1/', '/v1/chat/completions'])('the base URL may end with “%s”', async (end) => {
    await start(streams(STORY), { basePath: end });
    expect((await ask()).last['result']).toMatchObject({ story: STORY_BODY });
  });

  test('a server whose API is not under /v1 is found', async () => {
    await start(streams(STORY), { basePath: '', endpoints: ['/chat/completions'] });
    expect((await ask()).last['result']).toMatchObject({ story: STORY_BODY });
    await ask({ input: 'another' });
    expect(model.requests).toHaveLength(2);
  });

  test('without a key no Authorization header is sent', async () => {
    await start(streams(STORY), { apiKey: null });
    expect((await ask()).last['result']).toMatchObject({ story: STORY_BODY });
    expect(model.requests[0]?.headers['authorization']).toBeUndefined();
  });

  test('an option that the server does not know is left out from then on', async () => {
    await start((response, request) => {
      const unknown = ['stream_options', 'seed'].find((name) => name in request.body);
      const play = unknown === undefined ? streams(STORY) : fails(422, `Extra inputs are not permitted: ${unknown}`);
      return play(response, request);
    });
    expect((await ask({ input: 'x', variation: 2 })).last['result']).toMatchObject({ story: STORY_BODY });
    expect(model.requests).toHaveLength(3);
    await ask({ input: 'y', variation: 2 });
    expect(model.requests).toHaveLength(4);
  });
});
