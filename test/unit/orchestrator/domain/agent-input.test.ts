import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentInput, type ChainContext } from '../../../../src/orchestrator/domain/agent-input.ts';

const context = (results: ChainContext['results'] = {}): ChainContext => ({
  roomId: 'room',
  userId: 'user',
  userInput: 'a lamp in the fog. and more',
  results,
});

describe('the input of an agent', () => {
  test("StoryAgent gets the user's input", () => {
    expect(agentInput('story', context())).toEqual({
      input: 'a lamp in the fog. and more',
      userId: 'user',
      roomId: 'room',
    });
  });

  test('AssetAgent gets the story, and its summary if that is a string', () => {
    const story = { story: 'Once.', metadata: { summary: 'Short.' } };
    expect(agentInput('asset', context({ story }))).toEqual({
      story: 'Once.',
      storySummary: 'Short.',
      userId: 'user',
      roomId: 'room',
    });
    expect(agentInput('asset', context({ story: { story: 'Once.', metadata: { summary: 7 } } }))).not.toHaveProperty(
      'storySummary',
    );
  });

  test("CodeAgent gets AssetAgent's theme, else its prompt, else the first sentence of the story", () => {
    const story = { story: 'The lamp went out! Then on.' };
    const themeOf = (asset?: Record<string, unknown>) =>
      agentInput('code', context(asset === undefined ? { story } : { story, asset }))['imageTheme'];
    expect(themeOf({ imageCid: 'cid', metadata: { theme: 'fog', prompt: 'draw' } })).toBe('fog');
    expect(themeOf({ imageCid: 'cid', metadata: { theme: ' ', prompt: 'draw' } })).toBe('draw');
    expect(themeOf({ imageCid: 'cid' })).toBe('The lamp went out!');
    expect(themeOf()).toBe('The lamp went out!');
  });

  test('CodeAgent gets the image if there is one', () => {
    const asset = { imageCid: 'cid', imageUrl: 'http://image' };
    expect(agentInput('code', context({ asset }))).toMatchObject(asset);
    expect(agentInput('code', context())).not.toHaveProperty('imageCid');
  });

  test('DeployAgent gets the code, or null along with the story and the image', () => {
    const story = { story: 'Once.' };
    const asset = { imageCid: 'image' };
    expect(agentInput('deploy', context({ story, asset, code: { code: '<p>', cid: 'code' } }))).toEqual({
      codeCid: 'code',
      roomId: 'room',
    });
    expect(agentInput('deploy', context({ story, asset }))).toEqual({
      codeCid: null,
      story: 'Once.',
      imageCid: 'image',
      roomId: 'room',
    });
  });

  test("the user's input replaces a missing story", () => {
    expect(agentInput('asset', context())['story']).toBe('a lamp in the fog. and more');
    expect(agentInput('code', context())['imageTheme']).toBe('a lamp in the fog.');
  });

  test('a theme is never empty, has at most 200 characters, and splits no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (userInput) => {
        const theme = String(agentInput('code', { ...context(), userInput })['imageTheme']);
        expect(theme.trim()).not.toBe('');
        expect([...theme].length).toBeLessThanOrEqual(200);
        expect(theme.isWellFormed()).toBe(true);
      }),
    );
  });
});
