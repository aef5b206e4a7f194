import type { GameName } from './games/choose-game.ts';

export type PageInput = {
  story: string;
  /** Title, dash, description; may be empty. */
  imageTheme: string;
  imageCid?: string | undefined;
  /** A BCP 47 language. @default the language of the story */
  language?: string | undefined;
  /** Another number gives another page. @default 0 */
  variation?: number | undefined;
};

export type Page = {
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
