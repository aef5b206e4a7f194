import { z } from 'zod';
import { defineAgent } from './built-in-agent.ts';
import { tellStory } from './story/tell-story.ts';

const storyInput = z.object({ input: z.string(), userId: z.string().optional(), roomId: z.string().optional() });

/** Makes the user's words a haunted tale of 150 to 400 words. */
export const storyAgent = defineAgent('/generate', storyInput, async ({ input }, { say, keep }) => {
  await say('Listening to your words', { characters: input.length });
  const { story, title, summary, setting } = tellStory(input);
  await say(`They lead to the ${setting}`, { setting });
  const words = story.split(/\s+/).length;
  const cid = await keep('text/plain; charset=utf-8', story);
  await say(`Told a tale of ${words} words: ${title}`, { words, cid });
  return { story, cid, metadata: { title, summary, theme: setting, words } };
});
