import { z } from 'zod';
import type { Message } from '../model/model-server.ts';
import { asData, DATA_RULE } from '../model/prompt/as-data.ts';

/** What a picture of a story shows, as a model describes it. */
export const modelScene = z.strictObject({
  /** In the language of the story. */
  title: z.string(),
  /** In English. */
  description: z.string(),
  /** In English, each one word or two. */
  things: z.array(z.string()),
});

const TASK =
  'You choose the scene of a picture for a story: one moment at night that shows what the story is about. Answer with JSON: ' +
  '`title`, at most eight words in the language of the story; `description`, in English, two or three sentences about what ' +
  'is seen, without text or letters in the picture; `things`, in English, the two to six things of the story that are seen ' +
  'best, each one or two words, the most important first.';

export function scenePrompt(story: string, summary: string | undefined, variation: number | undefined): Message[] {
  const about = summary === undefined ? '' : `\nWhat it is about:\n${asData('summary', summary)}`;
  const again = variation ? `\nThis is variation ${variation}: choose another scene than other variations.` : '';
  return [
    { role: 'system', content: `${TASK}\n\n${DATA_RULE}` },
    { role: 'user', content: `The story:\n${asData('story', story)}${about}${again}` },
  ];
}

/** What the image model is asked for. */
export function drawingPrompt(description: string): string {
  return `A dark fairy-tale illustration by night, wide format, without any text, letters or frames. ${description}`;
}
