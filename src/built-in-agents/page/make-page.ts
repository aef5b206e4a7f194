import type { Content } from '../../orchestrator/ports/content.ts';
import { describeScene, drawScene } from '../picture/draw-scene.ts';
import { PALETTES } from '../picture/palette.ts';
import { titleFrom } from '../title.ts';
import { pageProblems } from './check-page.ts';
import { pageHtml } from './page-html.ts';
import { storyParts } from './story-parts.ts';

export type PageInput = {
  story: string;
  /** Title, dash, description; may be empty. */
  imageTheme: string;
  imageCid?: string | undefined;
};

export type Page = {
  html: string;
  /** Number of parts that the reader uncovers one by one. */
  parts: number;
  /** Whether the picture under `imageCid` is on the page; otherwise one was drawn for it. */
  usesGivenPicture: boolean;
  /** What the check found before the page was repaired. */
  problems: string[];
  /** Whether the returned page passed the check. */
  tested: boolean;
  patchAttempts: number;
};

/**
 * Makes a page and checks it. A page that fails the check is repaired by leaving out its interactive parts, and checked
 * again.
 * @param load finds the picture by its CID
 */
export async function makePage(
  { story, imageTheme, imageCid }: PageInput,
  load: (cid: string) => Promise<Content | null>,
): Promise<Page> {
  const stored = imageCid === undefined ? null : await load(imageCid);
  const given = stored?.contentType === 'image/svg+xml' ? Buffer.from(stored.bytes).toString('utf8') : null;
  const scene = given === null ? null : describeScene(given);
  const title = imageTheme.trim() === '' ? (scene?.title ?? titleFrom(story)) : titleFrom(imageTheme);
  const drawn = drawScene(story, title);
  const palette = PALETTES.find(({ name }) => imageTheme.endsWith(name)) ?? scene?.palette ?? drawn.palette;
  const parts = storyParts(story);
  const build = (interactive: boolean) => pageHtml({ title, parts, svg: given ?? drawn.svg, palette, interactive });

  const html = build(true);
  const problems = pageProblems(html, parts.flat());
  const page = { parts: parts.length, usesGivenPicture: given !== null, problems };
  if (problems.length === 0) return { ...page, html, tested: true, patchAttempts: 0 };
  const plain = build(false);
  return { ...page, html: plain, tested: pageProblems(plain, parts.flat()).length === 0, patchAttempts: 1 };
}
