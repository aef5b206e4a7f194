import type { Content } from '../../orchestrator/ports/content.ts';
import { ideaIn } from '../idea-in.ts';
import { drawScene } from '../picture/draw-scene.ts';
import { PALETTES } from '../picture/palette.ts';
import { buildPage } from './build-page.ts';
import { pageProblems } from './check-page.ts';
import { partsOf } from './paragraphs.ts';

export type PageInput = { story: string; imageTheme: string; imageCid?: string | undefined };

export type MadePage = {
  html: string;
  /** How many parts there are to uncover. */
  parts: number;
  /** The picture that was asked for was found; otherwise one was drawn for the page. */
  ownPicture: boolean;
  /** Found by the check before the page was patched. */
  problems: string[];
  /** The page that is handed out passed the check. */
  tested: boolean;
  patchAttempts: number;
};

/**
 * Makes a page and checks it. One that does not pass is patched by leaving out what can be clicked, and checked again.
 * @param kept looks a picture up by its CID
 */
export async function makePage(
  { story, imageTheme, imageCid }: PageInput,
  kept: (cid: string) => Promise<Content | null>,
): Promise<MadePage> {
  const title = ideaIn(imageTheme.trim() === '' ? story : imageTheme);
  const picture = imageCid === undefined ? null : await kept(imageCid);
  const drawn = drawScene(story, title);
  const ownPicture = picture?.contentType === 'image/svg+xml';
  const svg = ownPicture ? Buffer.from(picture.bytes).toString('utf8') : drawn.svg;
  const palette = PALETTES.find(({ name }) => imageTheme.endsWith(name)) ?? drawn.palette;
  const parts = partsOf(story);
  const build = (interactive: boolean) => buildPage({ title, parts, svg, palette, interactive });

  const html = build(true);
  const problems = pageProblems(html, parts.flat());
  const made = { parts: parts.length, ownPicture, problems };
  if (problems.length === 0) return { ...made, html, tested: true, patchAttempts: 0 };
  const plain = build(false);
  return { ...made, html: plain, tested: pageProblems(plain, parts.flat()).length === 0, patchAttempts: 1 };
}
