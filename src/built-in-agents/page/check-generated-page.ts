import { checkConfined, type Limits } from './confined-process.ts';
import { sentences } from './generated/problem.ts';

export type CheckOptions = Partial<Limits> & {
  /** @default 4 MiB */
  bytes?: number;
};

/**
 * Checks a page in one file that a language model wrote, before it is published: its markup, its scripts, that it loads nothing
 * from outside, and that it starts and can be clicked without an error. Each problem is one sentence that says what is wrong and
 * where, for people and for the model that repairs it. A page without problems gives none.
 */
export async function checkGeneratedPage(
  html: string,
  { bytes = 4 * 1024 * 1024, milliseconds = 10_000, megabytes = 256 }: CheckOptions = {},
): Promise<{ problems: string[] }> {
  const size = Buffer.byteLength(html);
  if (size > bytes) return { problems: [`The page has ${size} bytes; at most ${bytes} are allowed.`] };
  if (html.trim() === '') return { problems: ['The page is empty.'] };
  return { problems: sentences(await checkConfined(html, { milliseconds, megabytes })) };
}
