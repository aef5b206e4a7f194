import { afterEach, describe, expect, test } from 'vitest';
import { type AgentsWithModel, startAgentsWithModel } from '../../support/models/agents-with-model.ts';
import { ANSWERS, agentOf, answersAll, PNG, SCENE, STORY_BODY } from '../../support/models/answers.ts';
import { type ModelServerDouble, type Play, startModelServer } from '../../support/models/model-server.ts';
import { fails, sendsJson, streams } from '../../support/models/plays.ts';

let model: ModelServerDouble;
let agents: AgentsWithModel;

async function start(
  play: Play,
  { imageModel = null, endpoints }: { imageModel?: string | null; endpoints?: string[] } = {},
) {
  model = await startModelServer(play, endpoints === undefined ? {} : { endpoints });
  agents = await startAgentsWithModel(model, { imageModel });
}
afterEach(async () => {
  await agents.close();
  await model.close();
});

const INPUT = { story: STORY_BODY, storySummary: 'The Clock of Rain — a freezer', variation: 3 };
/** Answers pictures with one play, and everything else as usual. */
const pictures =
  (play: Play): Play =>
  (response, request) =>
    (agentOf(request) === 'picture' ? play : answersAll)(response, request);

describe('AssetAgent with a model', () => {
  test('without an image model AssetAgent draws the model’s scene by itself, and says so', async () => {
    await start(answersAll);
    const { result, logs, usages } = await agents.call('asset', INPUT);
    expect(agents.stored.get(String(result['imageCid']))?.contentType).toBe('image/svg+xml');
    expect(result.metadata).toMatchObject({
      format: 'image/svg+xml',
      theme: expect.stringMatching(/^The Clock of Rain — /),
    });
    expect(logs).toContain('Drawing it without a model: OPENAI_IMAGE_MODEL is not set');
    expect(logs).toContainEqual(expect.stringMatching(/^Drawing: clock, rain/));
    expect(usages).toHaveLength(1);
    expect(model.requests[0]?.body['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true },
    });
  });

  test('an image model draws the scene, and the picture is stored as it came', async () => {
    await start(answersAll, { imageModel: 'painter' });
    const { result, usages } = await agents.call('asset', INPUT);
    const picture = agents.stored.get(String(result['imageCid']));
    expect(picture?.contentType).toBe('image/png');
    expect(Buffer.from(picture?.bytes ?? []).toString('base64')).toBe(PNG);
    expect(result).toMatchObject({
      imageUrl: `http://rooms.example/deployments/${String(result['imageCid'])}/`,
      metadata: { model: 'painter', format: 'image/png', prompt: expect.stringContaining(SCENE.description) },
    });
    expect(usages.at(-1)).toEqual({ model: 'painter', images: 1, costUsd: 0.04 });
    expect(model.requests[1]?.body).toMatchObject({
      model: 'painter',
      prompt: expect.stringContaining(SCENE.description),
    });
  });

  test('a picture that is answered as a URL is fetched', async () => {
    await start(answersAll, {
      imageModel: 'painter',
      endpoints: ['/v1/chat/completions', '/v1/images/generations', '/p.png'],
    });
    model.play = (response, request) => {
      if (request.path === '/p.png') return void response.writeHead(200).end(Buffer.from(PNG, 'base64'));
      const play =
        agentOf(request) === 'picture' ? sendsJson({ data: [{ url: `${model.origin}/p.png` }] }) : answersAll;
      return play(response, request);
    };
    const { result } = await agents.call('asset', INPUT);
    expect(agents.stored.get(String(result['imageCid']))?.contentType).toBe('image/png');
  });

  test.each<[string, Play, RegExp]>([
    [
      'the server has no such endpoint',
      (r) => void r.writeHead(404).end('404 page not found'),
      /draws no pictures \(404\): unset OPENAI_IMAGE_MODEL, or set OPENAI_BASE_URL to a server that does/,
    ],
    ['the server does not implement it', fails(501, 'not implemented'), /501/],
    [
      'the content filter refuses it',
      fails(400, { message: 'no', code: 'content_policy_violation' }),
      /content filter/,
    ],
  ])('when %s, AssetAgent draws by itself and says why', async (_why, play, reason) => {
    await start(pictures(play), { imageModel: 'painter' });
    const { result, logs } = await agents.call('asset', INPUT);
    expect(agents.stored.get(String(result['imageCid']))?.contentType).toBe('image/svg+xml');
    expect(logs).toContainEqual(expect.stringMatching(new RegExp(`^Drawing it without a model: .*${reason.source}`)));
  });

  test('a picture that cannot be shown is paid once and counted, and drawn without a model', async () => {
    const gif = Buffer.from('GIF89a, as old servers draw').toString('base64');
    await start(pictures(sendsJson({ data: [{ b64_json: gif }] })), { imageModel: 'painter' });
    const options = { key: 'w:asset' };
    const first = await agents.call('asset', INPUT, options);
    const again = await agents.call('asset', INPUT, options);
    expect(model.requests.filter((request) => agentOf(request) === 'picture')).toHaveLength(1);
    for (const { result, logs } of [first, again]) {
      expect(agents.stored.get(String(result['imageCid']))?.contentType).toBe('image/svg+xml');
      expect(logs).toContainEqual(
        expect.stringMatching(/^Drawing it without a model: .* no PNG, JPEG or WebP picture$/),
      );
    }
    expect(first.usages.at(-1)).toEqual({ model: 'painter', images: 1, costUsd: 0.04 });
  });

  test('options that an image model refuses are left out', async () => {
    const strict: Play = (response, request) =>
      ('response_format' in request.body ? fails(400, 'Unknown parameter: response_format') : ANSWERS.picture)(
        response,
        request,
      );
    await start(pictures(strict), { imageModel: 'painter' });
    const { result } = await agents.call('asset', INPUT);
    expect(result.metadata).toMatchObject({ format: 'image/png' });
  });

  test.each<[string, Play, Record<string, unknown>]>([
    ['a rate limit', fails(429, 'slow', { 'Retry-After': '9' }), { retryable: true, retryAfter: 9 }],
    ['a bad key', fails(401, 'no'), { retryable: false }],
  ])('%s instead of a picture is a failure', async (_what, play, failure) => {
    await start(pictures(play), { imageModel: 'painter' });
    expect((await agents.call('asset', INPUT)).last).toMatchObject(failure);
  });
});

describe('JSON from a server that is not fully compatible', () => {
  test.each<[string, string]>([
    ['in a fence', `\`\`\`json\n${JSON.stringify(SCENE)}\n\`\`\``],
    ['after thoughts', `<think>{"a": 1}</think>${JSON.stringify(SCENE)}`],
    ['after a sentence', `Here is the JSON: ${JSON.stringify(SCENE)} I hope it helps.`],
  ])('JSON %s is read', async (_where, text) => {
    await start(streams(text));
    expect((await agents.call('asset', INPUT)).logs).toContain(`The scene: ${SCENE.description}`);
  });

  test('an answer that ignores the schema is sent back once', async () => {
    await start(answersAll);
    model.next = [streams('{"picture": "a clock"}')];
    const { result } = await agents.call('asset', INPUT);
    expect(result['imageCid']).toBeDefined();
    expect(model.requests).toHaveLength(2);
    expect(model.requests[1]?.prompt).toContain('This does not fit the schema');
  });

  test('when the model ignores the schema twice, AssetAgent takes the scene from the story, and says so', async () => {
    await start(streams('A clock, I guess.'));
    const { result, logs } = await agents.call('asset', INPUT, { key: 'w:asset' });
    expect(result.metadata).toMatchObject({
      format: 'image/svg+xml',
      theme: expect.stringMatching(/^The Clock of Rain — /),
    });
    expect(logs).toContain('The model did not describe a scene: taking it from the story');
    expect(model.requests).toHaveLength(2);
  });

  test.each([500, 400])(
    'a server that refuses schemas with %i is asked for a JSON object, from then on at once',
    async (status) => {
      await start((response, request) => {
        const format = request.body['response_format'] as { type?: string } | undefined;
        return (format?.type === 'json_schema' ? fails(status, 'failed to parse grammar') : answersAll)(
          response,
          request,
        );
      });
      expect((await agents.call('asset', INPUT)).result['imageCid']).toBeDefined();
      expect(model.requests.map(({ body }) => (body['response_format'] as { type: string }).type)).toEqual([
        'json_schema',
        'json_object',
      ]);
      expect(model.requests[1]?.prompt).toContain('JSON Schema');
      await agents.call('asset', { ...INPUT, variation: 4 });
      expect(model.requests).toHaveLength(3);
    },
  );

  test('a server that knows no response_format at all is asked by the prompt alone', async () => {
    await start((response, request) =>
      ('response_format' in request.body ? fails(400, 'unknown field') : answersAll)(response, request),
    );
    expect((await agents.call('asset', INPUT)).result['imageCid']).toBeDefined();
    expect(model.requests).toHaveLength(3);
  });

  test('a server that is down for a moment is not taken for one without schemas', async () => {
    await start(fails(500, 'out of memory'));
    expect((await agents.call('asset', INPUT)).last).toMatchObject({ retryable: true });
    model.requests.length = 0;
    model.play = answersAll;
    await agents.call('asset', INPUT);
    expect(model.requests[0]?.body['response_format']).toMatchObject({ type: 'json_schema' });
  });
});
