import { escapeMarkup } from '../markup.ts';
import type { Palette } from '../picture/palette.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { pageStyle } from './page-style.ts';

export type PageContent = {
  title: string;
  parts: readonly (readonly string[])[];
  /** An SVG; shown as an image, so that no script in it runs. */
  svg: string;
  palette: Palette;
  /** Whether the reader uncovers the story part by part; otherwise the whole story is shown. */
  interactive: boolean;
};

/**
 * Renders the page as one HTML file that loads nothing. With scripts disabled the whole story is shown. All text is
 * escaped, so markup in a story appears as text.
 */
export function pageHtml({ title, parts, svg, palette, interactive }: PageContent): string {
  const image = `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${pageStyle(palette)}\n</style>`,
    '</head>',
    '<body>',
    '<header class="scene">',
    `<img src="${image}" width="1200" height="675" alt="${escapeMarkup(`A night scene: ${title}`)}">`,
    interactive ? GHOST : '',
    `<h1 dir="auto">${escapeMarkup(title)}</h1>`,
    '</header>',
    '<main>',
    interactive ? '<p class="hint" hidden></p>' : '',
    '<div id="story" aria-live="polite">',
    ...parts.map((paragraphs) => {
      const text = paragraphs.map((paragraph) => `<p dir="auto">${escapeMarkup(paragraph)}</p>`);
      return `<section class="part">${text.join('\n')}</section>`;
    }),
    '</div>',
    interactive ? CONTROLS : '',
    '</main>',
    '<footer>Told, drawn and published by four agents of a haunted room.</footer>',
    interactive ? `<script>${PAGE_SCRIPT}</script>` : '',
    '</body>',
    '</html>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

const CONTROLS = `<div class="teller" hidden>
<button class="listen" type="button">Listen</button>
<span class="count" role="status"></span>
</div>`;

const GHOST = `<button class="ghost" type="button" aria-label="Follow the ghost" hidden>
<svg viewBox="0 0 100 130" aria-hidden="true">
<path d="M10 122 Q4 44 18 26 Q30 6 50 6 Q70 6 82 26 Q96 44 90 122 Q79 104 70 120 Q60 134 50 118 Q40 134 30 120 Q21 104 10 122 Z" fill="#fff" fill-opacity="0.9"/>
<ellipse cx="37" cy="50" rx="6" ry="10" fill="#1a1426"/>
<ellipse cx="63" cy="50" rx="6" ry="10" fill="#1a1426"/>
<ellipse cx="50" cy="76" rx="6" ry="9" fill="#1a1426"/>
</svg>
</button>`;
