import { z } from 'zod';
import { defineAgent } from './define-agent.ts';
import { HEIGHT, WIDTH } from './picture/svg.ts';
import { titleFrom } from './title.ts';

const assetInput = z.object({
  story: z.string(),
  storySummary: z.string().optional(),
  userId: z.string().optional(),
  roomId: z.string().optional(),
  language: z.string().optional(),
  variation: z.number().optional(),
});

/** Draws a night scene of the things that the idea names, as an SVG. */
export const assetAgent = defineAgent('/generate', assetInput, async (request, tools) => {
  const { story, storySummary, variation } = request;
  if (tools.model !== null) {
    const { drawWithModel } = await import('./picture/draw-with-model.ts');
    return drawWithModel(request, tools.model, tools);
  }
  await tools.report('Looking for something to draw in the idea');
  // Loaded with the first call: the shapes are large, and the service should start quickly.
  const { drawScene } = await import('./picture/draw-scene.ts');
  const title = titleFrom(storySummary ?? story);
  const { svg, things, palette, setting, composition } = drawScene(story, title, storySummary, {
    variation,
    language: request.language,
  });
  await tools.report(`Drawing: ${things.join(', ')}`, { things, composition });
  await tools.report(`Using the colors ${palette.name}`, { palette: palette.name });
  const imageCid = await tools.store('image/svg+xml', svg);
  await tools.report(`Finished a picture of ${WIDTH} × ${HEIGHT}`, { cid: imageCid, bytes: Buffer.byteLength(svg) });
  const theme = `${title} — ${things.join(' and ')} by night in ${palette.name}`;
  const prompt = `A night scene with ${things.join(', ')}, setting: ${setting}, in ${palette.name}`;
  const imageUrl = tools.urlOf(imageCid);
  return { imageCid, imageUrl, metadata: { theme, prompt, width: WIDTH, height: HEIGHT, format: 'image/svg+xml' } };
});
