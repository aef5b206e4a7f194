import { z } from 'zod';
import { defineAgent } from './define-agent.ts';
import { writeStory } from './story/write-story.ts';

const storyInput = z.object({ input: z.string(), userId: z.string().optional(), roomId: z.string().optional() });

/** Writes a haunted story of 150 to 400 words around the user's idea. */
export const storyAgent = defineAgent('/generate', storyInput, async ({ input }, { report, store }) => {
  await report('Reading your idea', { characters: input.length });
  const { story, title, summary, setting } = writeStory(input);
  await report(`Chose a setting: the ${setting}`, { setting });
  const words = story.split(/\s+/).length;
  const cid = await store('text/plain; charset=utf-8', story);
  await report(`Wrote a story of ${words} words: ${title}`, { words, cid });
  return { story, cid, metadata: { title, summary, theme: setting, words } };
});
