import { z } from 'zod';
import { defineAgent, Refusal, TemporaryFailure, type Tools } from './define-agent.ts';
import { externalCodeKey } from './external-code.ts';

const deployInput = z.object({
  codeCid: z.string().nullable(),
  roomId: z.string().optional(),
  projectName: z.string().optional(),
  story: z.string().optional(),
  imageCid: z.string().optional(),
});

/**
 * Publishes the page stored under `codeCid`, whether the built-in CodeAgent or an external one made it. When there is
 * no code (`codeCid: null`), it builds a page from the story and publishes that. If an outside host is configured, the
 * page is deployed there too.
 */
export const deployAgent = defineAgent('/deploy', deployInput, async (input, tools) => {
  const cid =
    input.codeCid === null
      ? await buildFromStory(input, tools)
      : await findPage(input.codeCid, input.roomId ?? '', tools);
  const localUrl = tools.urlOf(cid);
  if (tools.deploy === null) {
    await tools.report('Published the page', { cid });
    return { success: true, deploymentUrl: localUrl, deploymentId: cid, cid };
  }
  const page = await tools.load(cid);
  if (page === null) throw new TemporaryFailure('the page was removed while it was being published');
  const projectName = input.projectName?.trim() || `hauntedai-${input.roomId ?? cid}`;
  const { url, id, metadata } = await tools.deploy({ cid, bytes: page.bytes, projectName });
  await tools.report('Published the page', { cid, url, localUrl });
  return { success: true, deploymentUrl: url, deploymentId: id, cid, metadata: { ...metadata, localUrl } };
});

async function findPage(codeCid: string, roomId: string, tools: Tools): Promise<string> {
  await tools.report('Loading the page', { cid: codeCid });
  const page = (await tools.load(externalCodeKey(roomId, codeCid))) ?? (await tools.load(codeCid));
  if (page === null) throw new Refusal(`no page is stored here under codeCid ${codeCid}`);
  // An external agent's `cid` may be any string: the page is published under the CID of its own bytes.
  const cid = await tools.store('text/html; charset=utf-8', new TextDecoder().decode(page.bytes));
  await tools.report('Stored the page under the CID of its content', { cid, bytes: page.bytes.byteLength });
  return cid;
}

async function buildFromStory(
  input: { story?: string | undefined; imageCid?: string | undefined },
  tools: Tools,
): Promise<string> {
  if (input.story === undefined || input.story.trim() === '') {
    throw new Refusal('nothing to publish: codeCid is null, and story is missing or empty', 400);
  }
  await tools.report('There is no code to publish, so building a page from the story');
  const { makePage } = await import('./page/make-page.ts');
  const { html } = await makePage({ story: input.story, imageTheme: '', imageCid: input.imageCid }, tools.load);
  return tools.store('text/html; charset=utf-8', html);
}
