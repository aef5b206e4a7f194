import type { Result, Tools } from '../define-agent.ts';
import type { Model } from '../model/model.ts';
import { generatePage } from './generated-page.ts';
import { withPicture } from './generated-page-prompt.ts';
import { makePage } from './make-page.ts';
import { pagePicture } from './page-picture.ts';

type Request = {
  story: string;
  imageTheme: string;
  imageCid?: string | undefined;
  language?: string | undefined;
  variation?: number | undefined;
};

/**
 * Has a model write the page. One that fails its check after all repairs is not published: the visitor gets the page that
 * is built without a model, which works.
 */
export async function makePageWithModel(request: Request, model: Model, tools: Tools): Promise<Result> {
  await tools.report(`Asking ${model.name} for a page with a game`, { model: model.name });
  const { html, isTested, repairs } = await generatePage(request, model, tools);
  if (html === null) {
    await tools.report(`The page still fails its check after ${count(repairs)}: building one without a model`);
    const page = await makePage(request, tools.load);
    return keep(page.html, page.tested, repairs + page.patchAttempts, tools);
  }
  await tools.report(
    isTested
      ? 'Checked the page: it starts without an error and loads nothing from outside'
      : 'The page could not be started here to check it: only its text was checked',
  );
  return keep(withPicture(html, await pagePicture(request, tools.load)), isTested, repairs, tools);
}

const count = (repairs: number): string => (repairs === 1 ? '1 repair' : `${repairs} repairs`);

async function keep(code: string, tested: boolean, patchAttempts: number, tools: Tools): Promise<Result> {
  const cid = await tools.store('text/html; charset=utf-8', code);
  await tools.report('Finished the page', { cid, bytes: Buffer.byteLength(code), tested, patchAttempts });
  return { code, cid, tested, patchAttempts };
}
