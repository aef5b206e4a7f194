import type { Content } from '../../orchestrator/ports/content.ts';
import { languageOf } from '../languages/language-of.ts';
import { describeScene, drawScene } from '../picture/draw-scene.ts';
import { PALETTES } from '../picture/palette.ts';
import { seededRandom } from '../seeded-random.ts';
import { thingsIn } from '../things/find-things.ts';
import { titleFrom } from '../title.ts';
import { pageProblems } from './check-page.ts';
import { chooseGame, type GameName } from './games/choose-game.ts';
import { gamePieces } from './games/game-pieces.ts';
import { questionsOf } from './games/questions.ts';
import { pageHtml } from './page-html.ts';
import { pictureUrl } from './page-picture.ts';
import { withoutEmoji } from './signs.ts';
import { storyParts } from './story-parts.ts';

type PageInput = {
  story: string;
  /** Title, dash, description; may be empty. */
  imageTheme: string;
  imageCid?: string | undefined;
  /** A BCP 47 language. @default the language of the story */
  language?: string | undefined;
  /** Another number gives another page. @default 0 */
  variation?: number | undefined;
};

type Page = {
  html: string;
  /** Number of parts that the reader uncovers one by one. */
  parts: number;
  game: GameName;
  /** Whether the picture under `imageCid` is on the page; otherwise one was drawn for it. */
  usesGivenPicture: boolean;
  /** What the check found before the page was repaired. */
  problems: string[];
  /** Whether the returned page passed the check. */
  tested: boolean;
  patchAttempts: number;
};

/** Played with when the picture shows too little. */
const COMMON_THINGS = ['candle', 'key', 'bat', 'moon', 'owl', 'door', 'pumpkin', 'spider'];

/**
 * Makes a page with a story, a picture and a game, and checks it. A page that fails the check is repaired by leaving out
 * its interactive parts, and checked again. Equal arguments give equal pages.
 * @param load finds the picture by its CID
 */
export async function makePage(
  { story, imageTheme, imageCid, language: wanted, variation = 0 }: PageInput,
  load: (cid: string) => Promise<Content | null>,
): Promise<Page> {
  const stored = imageCid === undefined ? null : await load(imageCid);
  const given = stored?.contentType.startsWith('image/') ? stored : null;
  const scene =
    given?.contentType === 'image/svg+xml' ? describeScene(Buffer.from(given.bytes).toString('utf8')) : null;
  const title = imageTheme.trim() === '' ? (scene?.title ?? titleFrom(story)) : titleFrom(imageTheme);
  const drawn = drawScene(story, title, '', { variation });
  const palette = PALETTES.find(({ name }) => imageTheme.endsWith(name)) ?? scene?.palette ?? drawn.palette;
  const parts = storyParts(story);
  const language = languageOf(story, wanted);
  const random = seededRandom(`${variation}\n${title}\n${story}`);
  const named = [...(scene?.things ?? drawn.things), ...thingsIn(`${title} ${story}`, language, 6), ...COMMON_THINGS];
  const things = gamePieces(named, language, palette.moon);
  const questions = questionsOf(withoutEmoji(parts.flat().join(' ')), language, random);
  const name = chooseGame(title, questions.length > 0, random);
  const build = (isInteractive: boolean) => {
    const game = isInteractive ? { name, things, questions: name === 'quiz' ? questions : [] } : null;
    const picture = given ?? { contentType: 'image/svg+xml', bytes: Buffer.from(drawn.svg, 'utf8') };
    return pageHtml({ title, parts, picture: pictureUrl(picture), palette, language, game });
  };

  const html = build(true);
  const problems = pageProblems(html, parts.flat());
  const page = { parts: parts.length, game: name, usesGivenPicture: given !== null, problems };
  if (problems.length === 0) return { ...page, html, tested: true, patchAttempts: 0 };
  const plain = build(false);
  return { ...page, html: plain, tested: pageProblems(plain, parts.flat()).length === 0, patchAttempts: 1 };
}
