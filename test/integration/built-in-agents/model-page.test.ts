import { afterEach, describe, expect, test } from 'vitest';
import { type AgentsWithModel, startAgentsWithModel } from '../../support/models/agents-with-model.ts';
import { PAGE, PNG, STORY_BODY } from '../../support/models/answers.ts';
import { type ModelServerDouble, type Play, startModelServer } from '../../support/models/model-server.ts';
import { fails, streams } from '../../support/models/plays.ts';

let model: ModelServerDouble;
let agents: AgentsWithModel;

async function start(play: Play, ...next: Play[]) {
  model = await startModelServer(play);
  model.next = next;
  agents = await startAgentsWithModel(model);
}
afterEach(async () => {
  await agents.close();
  await model.close();
});

const INPUT = { story: STORY_BODY, imageTheme: 'The Clock of Rain — a clock in the rain' };
const BROKEN = PAGE.replace('hidden = false; });', 'hidden = false; ');

describe('CodeAgent with a model', () => {
  test('CodeAgent answers with the model’s page, in which the picture is embedded', async () => {
    await start(streams(PAGE));
    agents.stored.set('bafypicture', { contentType: 'image/png', bytes: Buffer.from(PNG, 'base64') });
    const { result, texts } = await agents.call('code', { ...INPUT, imageCid: 'bafypicture' });
    expect(result).toMatchObject({ tested: true, patchAttempts: 0 });
    expect(result['code']).toBe(PAGE.replace('PICTURE_URL', `data:image/png;base64,${PNG}`));
    expect(Buffer.from(agents.stored.get(String(result['cid']))?.bytes ?? []).toString('utf8')).toBe(result['code']);
    expect(texts).toEqual({ code: PAGE });
  });

  test('a fence and words around the page are left out', async () => {
    await start(streams(`Here it is:\n\`\`\`html\n${PAGE}\`\`\`\nHave fun!`));
    const { result } = await agents.call('code', INPUT);
    expect(result['code']).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(result['code']).not.toContain('Have fun');
  });

  test('a page with a problem is sent back with the problem, and its repair is answered', async () => {
    await start(streams(PAGE), streams(BROKEN));
    const { result, logs } = await agents.call('code', INPUT);
    expect(result).toMatchObject({ tested: true, patchAttempts: 1 });
    expect(logs).toContain('Asking for a repair: 1 of 3');
    const messages = model.requests[1]?.body['messages'] as { role: string; content: string }[] | undefined;
    expect(messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages?.at(-1)?.content).toMatch(/problems were found:\n- /);
  });

  test.each<[string, string]>([
    ['that is no HTML', 'I would rather not.'],
    ['without the picture', PAGE.replace(/<img[^>]*>/, '')],
    ['that uses the picture many times', PAGE.replace(/<img[^>]*>/, (img) => img.repeat(9))],
    ['that loads from outside', PAGE.replace('</head>', '<script src="https://cdn.example/x.js"></script></head>')],
  ])('a page %s is repaired', async (_what, first) => {
    await start(streams(PAGE), streams(first));
    expect((await agents.call('code', INPUT)).result).toMatchObject({ tested: true, patchAttempts: 1 });
  });

  test('a page that is cut off at the output limit is asked for again, shorter', async () => {
    await start(streams(PAGE), streams(PAGE, { finish: 'length' }));
    expect((await agents.call('code', INPUT)).result).toMatchObject({ patchAttempts: 1 });
    expect(model.requests[1]?.prompt).toContain('write a shorter one');
  });

  test('after three repairs that do not help, CodeAgent builds a page without a model, and says so', async () => {
    const broken = (draft: number) => streams(BROKEN.replace('Wind', `Wind ${draft}`));
    await start(streams(PAGE), broken(1), broken(2), broken(3), broken(4));
    const { result, logs, usages } = await agents.call('code', INPUT);
    expect(model.requests).toHaveLength(4);
    expect(usages).toHaveLength(4);
    expect(result).toMatchObject({ tested: true, patchAttempts: 3, code: expect.stringContaining('id="game"') });
    expect(logs).toContain('The page still fails its check after 3 repairs: building one without a model');
  });

  test('a model that answers a repair with the same page is not asked again', async () => {
    await start(streams(BROKEN));
    const { result } = await agents.call('code', INPUT, { key: 'w:code' });
    expect(model.requests).toHaveLength(2);
    expect(result).toMatchObject({ tested: true, patchAttempts: 1, code: expect.stringContaining('id="game"') });
  });

  test('when a repair fails for a moment, the retry pays for the repair only', async () => {
    await start(streams(PAGE), streams(BROKEN), fails(503, 'busy'));
    const failed = await agents.call('code', INPUT, { key: 'w:code' });
    expect(failed.last).toMatchObject({ retryable: true });
    expect(failed.usages).toHaveLength(1);
    const { result, usages } = await agents.call('code', INPUT, { key: 'w:code' });
    expect(result).toMatchObject({ tested: true, patchAttempts: 1 });
    expect(usages).toHaveLength(1);
    expect(model.requests).toHaveLength(3);
  });

  test('the picture is embedded once, even if the story contains its placeholder', async () => {
    const page = PAGE.replace('Denise opened', `${'PICTURE_URL '.repeat(50)}Denise opened`);
    await start(streams(page));
    const { result } = await agents.call('code', INPUT);
    expect(String(result['code']).match(/data:image/g)).toHaveLength(1);
  });
});
