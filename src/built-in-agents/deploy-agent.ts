import { z } from 'zod';
import { defineAgent, Refusal, type Tools } from './built-in-agent.ts';
import { externalCodeKey } from './external-code.ts';
import { makePage } from './page/make-page.ts';

const deployInput = z.object({
  codeCid: z.string().nullable(),
  roomId: z.string().optional(),
  projectName: z.string().optional(),
  story: z.string().optional(),
  imageCid: z.string().optional(),
});

/**
 * Publishes the page that is kept under `codeCid`, or what a foreign CodeAgent made under that name. When the code is
 * missing (`codeCid: null`) but there is a story, it publishes a page of the story.
 */
export const deployAgent = defineAgent('/deploy', deployInput, async (input, tools) => {
  const cid =
    input.codeCid === null ? await storyPage(input, tools) : await keptPage(input.codeCid, input.roomId ?? '', tools);
  await tools.say('Published', { cid });
  return { success: true, deploymentUrl: tools.addressOf(cid), deploymentId: cid };
});

async function keptPage(codeCid: string, roomId: string, tools: Tools): Promise<string> {
  await tools.say('Fetching the page', { cid: codeCid });
  const page = (await tools.kept(externalCodeKey(roomId, codeCid))) ?? (await tools.kept(codeCid));
  if (page === null) throw new Refusal(`no page is kept here under ${codeCid}`);
  // Whatever name it came under, it is published under the CID of its own bytes.
  const cid = await tools.keep('text/html; charset=utf-8', new TextDecoder().decode(page.bytes));
  await tools.say('Verified that the page is what its CID says', { cid, bytes: page.bytes.byteLength });
  return cid;
}

async function storyPage(
  input: { story?: string | undefined; imageCid?: string | undefined },
  tools: Tools,
): Promise<string> {
  if (input.story === undefined || input.story.trim() === '') {
    throw new Refusal('there is neither a page nor a story to publish', 400);
  }
  await tools.say('No page was made: publishing the story by itself');
  const { html } = await makePage({ story: input.story, imageTheme: '', imageCid: input.imageCid }, tools.kept);
  return tools.keep('text/html; charset=utf-8', html);
}
