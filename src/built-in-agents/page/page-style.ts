import type { Palette } from '../picture/palette.ts';

/** The page's style sheet, in the colors of the picture. */
export function pageStyle({ near, far, moon, glow, mist }: Palette): string {
  return `
:root { color-scheme: dark; --near: ${near}; --far: ${far}; --moon: ${moon}; --glow: ${glow}; --mist: ${mist}; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; background: var(--near); color: #ece6da; font: 1.16rem/1.75 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif; }
.scene { position: relative; overflow: hidden; }
.scene img { display: block; width: 100%; height: auto; max-height: 74vh; object-fit: cover; object-position: 50% 78%; transition: filter 1.2s; }
.scene.dark img { filter: brightness(0.7) saturate(0.85); }
.scene::after { content: ""; position: absolute; inset: auto 0 0; height: 22%; background: linear-gradient(transparent, var(--near)); pointer-events: none; }
h1 { margin: 0 auto .9rem; padding: 1.4rem 1.4rem .4rem; max-width: 30ch; text-align: center; text-wrap: balance; font-size: clamp(1.5rem, 4.4vw, 3rem); line-height: 1.18; font-weight: 500; color: var(--moon); overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1.4rem 3rem; }
button { font: inherit; color: inherit; cursor: pointer; }
button:focus-visible, #game:focus-visible { outline: 3px solid var(--glow); outline-offset: 4px; border-radius: 14px; }
.part { animation: appear 1.2s ease-out; scroll-margin-bottom: 6rem; }
.part p { margin: 0 0 1.25em; overflow-wrap: anywhere; white-space: pre-line; }
@keyframes appear { from { opacity: 0; transform: translateY(14px); filter: blur(5px); } }
.sign { display: inline-block; width: 1.5em; height: 1.5em; margin: 0 .12em; vertical-align: -.4em; overflow: hidden; color: transparent; background: center / contain no-repeat; }
.teller { display: flex; align-items: center; justify-content: center; gap: 1.1rem; padding: .4rem 0 1.2rem; }
.listen, .again { padding: .6rem 1.5rem; border: 1px solid var(--glow); border-radius: 99px; background: var(--near); color: var(--glow); transition: background .3s, color .3s; }
.listen:hover, .again:hover { background: var(--glow); color: var(--near); }
.count, .status { font-size: .95rem; color: var(--mist); font-variant-numeric: tabular-nums; }
#game { margin-top: 1.6rem; padding: 1.4rem 1.2rem 1.6rem; border: 1px solid color-mix(in srgb, var(--mist) 35%, transparent); border-radius: 18px; background: color-mix(in srgb, var(--far) 22%, var(--near)); text-align: center; }
#game h2 { margin: 0; font-weight: 500; color: var(--glow); }
#game .goal { margin: .3rem 0 1rem; font-size: 1rem; line-height: 1.5; color: var(--mist); }
.board { position: relative; max-width: 480px; margin: 0 auto; }
.board canvas { display: block; width: 100%; border-radius: 12px; border: 1px solid var(--mist); touch-action: manipulation; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem; }
.card { aspect-ratio: 3/4; border: 1px solid var(--mist); border-radius: 10px; background: var(--near); font-size: 2rem; padding: 0; }
.card img { display: block; width: 78%; margin: 0 auto; }
.option { display: block; width: 100%; margin: .5rem 0; padding: .6rem; border: 1px solid var(--mist); border-radius: 10px; background: var(--near); overflow-wrap: anywhere; }
.option:hover { border-color: var(--glow); }
.board.dark { max-width: none; overflow: hidden; border-radius: 12px; aspect-ratio: 16/9; cursor: none; touch-action: none; }
.board.dark > img { display: block; width: 100%; height: 100%; object-fit: cover; filter: brightness(1.2); }
.hidden-thing { position: absolute; transform: translate(-50%, -50%); font-size: clamp(1.2rem, 4vw, 1.9rem); line-height: 1; }
.hidden-thing img { display: block; width: clamp(1.5rem, 6vw, 2.6rem); }
.hidden-thing.found { z-index: 2; filter: drop-shadow(0 0 8px var(--glow)); }
.shade { position: absolute; inset: 0; background: radial-gradient(circle at var(--x, 50%) var(--y, 50%), transparent calc(var(--r, 17%) * .5), #000d var(--r, 17%)); }
.status { min-height: 1.75em; margin: .8rem 0; }
.pad { display: grid; grid-template-columns: repeat(3, 3.4rem); justify-content: center; gap: .35rem; margin: .2rem 0 1rem; direction: ltr; }
.pad button { height: 3rem; border: 1px solid var(--mist); border-radius: 10px; background: var(--near); padding: 0; }
.pad button:nth-child(1) { grid-column: 2; } .pad button:nth-child(2) { grid-column: 1; grid-row: 2; } .pad button:nth-child(3) { grid-column: 2; grid-row: 2; } .pad button:nth-child(4) { grid-column: 3; grid-row: 2; }
footer { padding: 0 1rem 2rem; text-align: center; font-size: .85rem; color: var(--mist); overflow-wrap: anywhere; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media print { .teller, #game { display: none; } .part { display: block !important; } }`;
}
