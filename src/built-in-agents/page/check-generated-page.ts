import { pageProblems } from './check-page.ts';

/** Checks a page in one file that a language model wrote. Each problem is one sentence. */
export async function checkGeneratedPage(html: string): Promise<{ problems: string[] }> {
  return { problems: pageProblems(html, []).map((problem) => `The page has a problem: ${problem}.`) };
}
