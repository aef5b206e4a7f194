import type { Tools } from '../define-agent.ts';
import type { Model } from '../model/model.ts';
import { htmlIn } from '../model/plain-answer.ts';
import { checkGeneratedPage } from './check-generated-page.ts';
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
  repairs: number;
};

/** Has a model write the page, checks it, and has it repaired up to three times. */
export async function generatePage(request: Request, model: Model, tools: Tools): Promise<GeneratedPage> {
  const first = pagePrompt(request);
  let messages = first;
  for (let repairs = 0; ; repairs += 1) {
    const channel = repairs === 0 ? 'code' : `code-repair-${repairs}`;
    const written = await model.write(messages, {
      seed: request.variation || undefined,
      stream: { channel, visible: (raw) => htmlIn(raw) ?? '' },
    });
    const html = htmlIn(written.text);
    const problems = html === null ? ['The answer has no HTML file.'] : await problemsOf(html, written.isCut);
    if (html !== null && problems.length === 0) return { html, repairs };
    for (const problem of problems) await tools.report(`Found in the page: ${problem}`);
    if (repairs === MAX_REPAIRS) return { html: null, repairs };
    await tools.report(`Asking for a repair: ${repairs + 1} of ${MAX_REPAIRS}`);
    messages = repairPrompt(first, html ?? written.text, problems);
  }
}

async function problemsOf(html: string, isCut: boolean): Promise<string[]> {
  if (isCut) return ['The page is cut off at the output limit: write a shorter one.'];
  const { problems } = await checkGeneratedPage(withPicture(html, CHECKED_PICTURE));
  const picture = pictureProblem(html);
  return picture === null ? problems : [...problems, picture];
}
