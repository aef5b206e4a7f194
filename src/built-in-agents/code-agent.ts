import { z } from 'zod';
import { defineAgent } from './built-in-agent.ts';
import { makePage } from './page/make-page.ts';

const codeInput = z.object({
  story: z.string(),
  imageTheme: z.string(),
  imageCid: z.string().optional(),
  imageUrl: z.string().optional(),
  roomId: z.string().optional(),
});

/** Builds a page of one file with the story, the picture and a ghost to follow, and checks it before handing it on. */
export const codeAgent = defineAgent('/generate', codeInput, async (input, tools) => {
  await tools.say('Laying out the page');
  const page = await makePage(input, tools.kept);
  await tools.say(page.ownPicture ? 'Hung the picture' : 'Drew a picture, since none of ours was sent');
  for (const problem of page.problems) await tools.say(`Patched the page: ${problem}`);
  await tools.say(
    page.tested
      ? 'Checked that elements close, scripts parse, and nothing is loaded'
      : 'The page did not pass its check',
    { tested: page.tested, patchAttempts: page.patchAttempts },
  );
  const cid = await tools.keep('text/html; charset=utf-8', page.html);
  await tools.say(`Finished a page with ${page.parts} parts to uncover`, { cid, bytes: Buffer.byteLength(page.html) });
  return { code: page.html, cid, tested: page.tested, patchAttempts: page.patchAttempts };
});
