import { directionOf, wordsLanguage } from '../languages/language-of.ts';
import { PAGE_WORDS, type PageWords } from '../languages/page-words.ts';
import { escapeMarkup } from '../markup.ts';
import type { Palette } from '../picture/palette.ts';
import type { GameName } from './games/choose-game.ts';
import type { Question } from './games/questions.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { signsOf } from './signs.ts';

/** The game on a page, and what it is played with. */
export type PageGame = {
  name: GameName;
  /** The picture's things, at least six, each as a small picture: not every device has a font with emoji. */
  things: readonly { name: string; image: string }[];
  questions: readonly Question[];
};

export type PageContent = {
  title: string;
  parts: readonly (readonly string[])[];
  /** A data: URL; shown as an image, so that no script in an SVG runs. */
  picture: string;
  palette: Palette;
  language: string;
  /** Null: the whole story is shown, without a script. */
  game: PageGame | null;
};

/** Mistakes allowed in memory, and things hidden in the dark. */
const ALLOWED_MISTAKES = 12;
const HIDDEN_THINGS = 4;

/**
 * Renders the page as one HTML file that loads nothing. With scripts disabled the whole story is shown. All text is
 * escaped, so markup in a story appears as text.
 */
export function pageHtml({ title, parts, picture, palette, language, game }: PageContent): string {
  const words = PAGE_WORDS[wordsLanguage(language)];
  const signs = signsOf(parts.flat().join(' '), palette);
  const direction = language === 'und' ? 'auto' : directionOf(language);
  const lines = [
    '<!doctype html>',
    `<html lang="${language}" dir="${directionOf(language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${pageStyle(palette)}\n${signs.style}\n</style>`,
    '</head>',
    `<body data-words="${escapeMarkup(JSON.stringify(words))}">`,
    '<header class="scene">',
    `<img src="${picture}" width="1200" height="675" alt="${escapeMarkup(`A night scene: ${title}`)}">`,
    '</header>',
    '<main>',
    `<h1 dir="auto">${escapeMarkup(title)}</h1>`,
    '<div id="story" aria-live="polite">',
    ...parts.map((paragraphs) => {
      const text = paragraphs.map((paragraph) => `<p dir="${direction}">${signs.mark(escapeMarkup(paragraph))}</p>`);
      return `<section class="part">${text.join('\n')}</section>`;
    }),
    '</div>',
    game === null ? '' : CONTROLS,
    game === null ? '' : gameHtml(game, words),
    '</main>',
    `<footer>${escapeMarkup(words.footer)}</footer>`,
    game === null ? '' : `<script>${pageScript(game.name)}</script>`,
    '</body>',
    '</html>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

const CONTROLS = `<div class="teller" hidden>
<button class="listen" type="button"></button>
<span class="count" role="status"></span>
</div>`;

function gameHtml({ name, things, questions }: PageGame, words: PageWords): string {
  const data = { things, questions, allowed: ALLOWED_MISTAKES, goals: HIDDEN_THINGS };
  const total = { memory: ALLOWED_MISTAKES, lantern: HIDDEN_THINGS, quiz: questions.length, snake: 0, maze: 0 }[name];
  const arrow = (way: string, label: string, sign: string) =>
    `<button type="button" data-way="Arrow${way}" aria-label="${escapeMarkup(label)}">${sign}</button>`;
  const steered = name === 'snake' || name === 'maze' || name === 'lantern';
  return `<section id="game" tabindex="0" aria-labelledby="game-name" data-name="${name}" data-game="${escapeMarkup(JSON.stringify(data))}" hidden>
<h2 id="game-name">${escapeMarkup(words.names[name])}</h2>
<p class="goal">${escapeMarkup(words.goals[name].replace('{b}', String(total)))}</p>
<div class="board"></div>
<p class="status" role="status"></p>
${steered ? `<div class="pad">${arrow('Up', words.up, '↑')}${arrow('Left', words.left, '←')}${arrow('Down', words.down, '↓')}${arrow('Right', words.right, '→')}</div>` : ''}
<button class="again" type="button">${escapeMarkup(words.newGame)}</button>
</section>`;
}
