import { z } from 'zod';
import { defineAgent } from './define-agent.ts';
import { drawScene } from './picture/draw-scene.ts';
import { HEIGHT, WIDTH } from './picture/svg.ts';
import { titleFrom } from './title.ts';

const assetInput = z.object({
  story: z.string(),
  storySummary: z.string().optional(),
  userId: z.string().optional(),
  roomId: z.string().optional(),
});

/** Draws a night scene of what the story is about, as an SVG. */
export const assetAgent = defineAgent('/generate', assetInput, async ({ story, storySummary }, tools) => {
  await tools.report('Looking for something to draw in the story');
  const title = titleFrom(storySummary ?? story);
  const { svg, motifs, palette, setting } = drawScene(story, title);
  await tools.report(`Drawing: ${motifs.join(', ')}`, { motifs });
  await tools.report(`Using the colors ${palette.name}`, { palette: palette.name });
  const imageCid = await tools.store('image/svg+xml', svg);
  await tools.report(`Finished a picture of ${WIDTH} × ${HEIGHT}`, { cid: imageCid, bytes: Buffer.byteLength(svg) });
  const theme = `${title} — ${motifs.join(' and ')} by night in ${palette.name}`;
  const prompt = `A night scene with ${motifs.join(', ')}, setting: ${setting}, moon, mist and ghosts, in ${palette.name}`;
  const imageUrl = tools.urlOf(imageCid);
  return { imageCid, imageUrl, metadata: { theme, prompt, width: WIDTH, height: HEIGHT, format: 'image/svg+xml' } };
});
