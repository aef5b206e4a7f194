import type { Tools } from '../define-agent.ts';
import type { Model } from '../model/model.ts';
import { htmlIn } from '../model/plain-answer.ts';
import { checkGeneratedPage } from './check-generated-page.ts';
import { pageProblems } from './check-page.ts';
import { pagePrompt, pictureProblem, repairPrompt, withPicture } from './generated-page-prompt.ts';

/** Repairs of one page. */
const MAX_REPAIRS = 3;
/** In place of the picture while the page is checked: the picture may be large. */
const CHECKED_PICTURE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

type Request = {
  story: string;
  imageTheme: string;
  language?: string | undefined;
  variation?: number | undefined;
};

export type GeneratedPage = {
  /** With the placeholder for the picture; null when no page passed the check. */
  html: string | null;
  /** Whether the page was started; if it could not be, only its text was checked. */
  isTested: boolean;
  repairs: number;
};

/** Has a model write the page, checks it, and has it repaired up to three times. */
export async function generatePage(request: Request, model: Model, tools: Tools): Promise<GeneratedPage> {
  const first = pagePrompt(request);
  let messages = first;
  let before: string | null = null;
  for (let repairs = 0; ; repairs += 1) {
    const channel = repairs === 0 ? 'code' : `code-repair-${repairs}`;
    const written = await model.write(messages, {
      seed: request.variation || undefined,
      stream: { channel, visible: (raw) => htmlIn(raw) ?? '' },
    });
    const html = htmlIn(written.text);
    const { problems, isTested } = await check(html, written.isCut);
    if (problems.length === 0) return { html, isTested, repairs };
    for (const problem of problems) await tools.report(`Found in the page: ${problem}`);
    // A model that repeats itself would do so again.
    if (repairs === MAX_REPAIRS || written.text === before) return { html: null, isTested, repairs };
    await tools.report(`Asking for a repair: ${repairs + 1} of ${MAX_REPAIRS}`);
    messages = repairPrompt(first, html ?? written.text, problems);
    before = written.text;
  }
}

async function check(html: string | null, isCut: boolean): Promise<{ problems: string[]; isTested: boolean }> {
  if (isCut) return { problems: ['The page is cut off at the output limit: write a shorter one.'], isTested: false };
  if (html === null) return { problems: ['The answer has no HTML file.'], isTested: false };
  const page = withPicture(html, CHECKED_PICTURE);
  // Where no process may be started, the page cannot be tried.
  const tried = await checkGeneratedPage(page).catch(() => null);
  const problems = tried?.problems ?? pageProblems(page, []).map((problem) => `There is a problem: ${problem}.`);
  const picture = pictureProblem(html);
  return { problems: picture === null ? problems : [...problems, picture], isTested: tried !== null };
}
