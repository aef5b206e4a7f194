import { z } from 'zod';
import { defineAgent } from './define-agent.ts';
import { inPieces } from './story/in-pieces.ts';
import { writeWithModel } from './story/write-with-model.ts';

const storyInput = z.object({
  input: z.string(),
  userId: z.string().optional(),
  roomId: z.string().optional(),
  language: z.string().optional(),
  variation: z.number().optional(),
});

/** Writes a haunted story in which the people, places and things of the user's idea act. */
export const storyAgent = defineAgent('/generate', storyInput, async (request, tools) => {
  if (tools.model !== null) return writeWithModel(request, tools.model, tools);
  const { report, partial, store } = tools;
  const { input, language: wanted, variation } = request;
  await report('Reading your idea', { characters: input.length });
  // Loaded with the first call: the parser of English is large, and the service should start quickly.
  const { writeStory } = await import('./story/write-story.ts');
  const { story, title, summary, setting, form, language, used } = writeStory(input, { language: wanted, variation });
  const total = input.trim().split(/\s+/).length;
  await report(`Found in it: ${used.join(', ')}`, { used });
  if (total > 60) await report(`The idea has ${total} words: the story uses only what was found`, { total });
  await report(`Telling it as ${form}`, { form, setting, language });
  for (const piece of inPieces(story)) await partial(piece, 'story');
  const words = story.split(/\s+/).length;
  const cid = await store('text/plain; charset=utf-8', story);
  await report(`Wrote a story of ${words} words: ${title}`, { words, cid });
  return { story, cid, metadata: { title, summary, theme: setting, words, form, language, used } };
});
