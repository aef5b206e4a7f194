import { z } from 'zod';
import { defineAgent } from './built-in-agent.ts';
import { ideaIn } from './idea-in.ts';
import { drawScene } from './picture/draw-scene.ts';
import { HEIGHT, WIDTH } from './picture/pen.ts';

const assetInput = z.object({
  story: z.string(),
  storySummary: z.string().optional(),
  userId: z.string().optional(),
  roomId: z.string().optional(),
});

/** Draws a night scene of what the story speaks of, as an SVG. */
export const assetAgent = defineAgent('/generate', assetInput, async ({ story, storySummary }, tools) => {
  await tools.say('Reading the story for something to draw');
  const idea = ideaIn(storySummary ?? story);
  const { svg, motifs, palette, setting } = drawScene(story, idea);
  await tools.say(`Drawing: ${motifs.join(', ')}`, { motifs });
  await tools.say(`Colouring the night in ${palette.name}`, { palette: palette.name });
  const imageCid = await tools.keep('image/svg+xml', svg);
  await tools.say(`Drew a picture of ${WIDTH} × ${HEIGHT}`, { cid: imageCid, bytes: Buffer.byteLength(svg) });
  const theme = `${idea} — ${motifs.join(' and ')} by night in ${palette.name}`;
  const prompt = `A night scene with ${motifs.join(', ')}, setting: ${setting}, moon, mist and ghosts, in ${palette.name}`;
  const imageUrl = tools.addressOf(imageCid);
  return { imageCid, imageUrl, metadata: { theme, prompt, width: WIDTH, height: HEIGHT, format: 'image/svg+xml' } };
});
