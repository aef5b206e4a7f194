import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentInput, type ChainContext } from '../../../../src/orchestrator/domain/agent-input.ts';

const context = (results: ChainContext['results'] = {}): ChainContext => ({
  roomId: 'room',
  userId: 'user',
  userInput: 'a lamp in the fog. and more',
  results,
});

describe('what an agent is sent', () => {
  test('StoryAgent: the input of the user', () => {
    expect(agentInput('story', context())).toEqual({
      input: 'a lamp in the fog. and more',
      userId: 'user',
      roomId: 'room',
    });
  });

  test('AssetAgent: the story, and its summary when that is a string', () => {
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

  test('CodeAgent: the theme is the theme, else the prompt, else the first sentence of the story', () => {
    const story = { story: 'The lamp went out! Then on.' };
    const themeOf = (asset?: Record<string, unknown>) =>
      agentInput('code', context(asset === undefined ? { story } : { story, asset }))['imageTheme'];
    expect(themeOf({ imageCid: 'cid', metadata: { theme: 'fog', prompt: 'draw' } })).toBe('fog');
    expect(themeOf({ imageCid: 'cid', metadata: { theme: ' ', prompt: 'draw' } })).toBe('draw');
    expect(themeOf({ imageCid: 'cid' })).toBe('The lamp went out!');
    expect(themeOf()).toBe('The lamp went out!');
  });

  test('CodeAgent: the image when it is known', () => {
    const asset = { imageCid: 'cid', imageUrl: 'http://image' };
    expect(agentInput('code', context({ asset }))).toMatchObject(asset);
    expect(agentInput('code', context())).not.toHaveProperty('imageCid');
  });

  test('DeployAgent: the code, or null with what else there is', () => {
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

  test('without a story the input of the user stands in', () => {
    expect(agentInput('asset', context())['story']).toBe('a lamp in the fog. and more');
    expect(agentInput('code', context())['imageTheme']).toBe('a lamp in the fog.');
  });

  test('a theme is never empty, never above 200 characters and never a broken character', () => {
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
