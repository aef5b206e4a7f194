import { z } from 'zod';
import { defineAgent } from './define-agent.ts';

const codeInput = z.object({
  story: z.string(),
  imageTheme: z.string(),
  imageCid: z.string().optional(),
  imageUrl: z.string().optional(),
  roomId: z.string().optional(),
  language: z.string().optional(),
  variation: z.number().optional(),
});

/** Builds a page in one file, with the story, the picture and a game, and checks it. */
export const codeAgent = defineAgent('/generate', codeInput, async (input, tools) => {
  if (tools.model !== null) {
    const { makePageWithModel } = await import('./page/make-page-with-model.ts');
    return makePageWithModel(input, tools.model, tools);
  }
  await tools.report('Laying out the page');
  // Loaded with the first call: the shapes are large, and the service should start quickly.
  const { makePage } = await import('./page/make-page.ts');
  const page = await makePage(input, tools.load);
  await tools.report(`Adding a game: ${page.game}`, { game: page.game });
  await tools.report(
    page.usesGivenPicture ? 'Added the picture' : 'Drew a new picture: the request names none that is stored here',
  );
  for (const problem of page.problems) await tools.report(`Repairing the page: ${problem}`);
  await tools.report(
    page.tested
      ? 'Checked the page: elements are closed, scripts parse, and no external resource is loaded'
      : 'The page failed its check',
    { tested: page.tested, patchAttempts: page.patchAttempts },
  );
  const cid = await tools.store('text/html; charset=utf-8', page.html);
  const parts = page.parts === 1 ? '1 part' : `${page.parts} parts`;
  await tools.report(`Finished a page with ${parts}`, { cid, bytes: Buffer.byteLength(page.html) });
  return { code: page.html, cid, tested: page.tested, patchAttempts: page.patchAttempts };
});
