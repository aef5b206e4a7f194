import type { Palette } from '../picture/palette.ts';

/** The page's style sheet, in the colors of the picture. */
export function pageStyle({ sky, near, moon, glow, mist }: Palette): string {
  return `
:root { color-scheme: dark; --top: ${sky[0]}; --low: ${sky[1]}; --near: ${near}; --moon: ${moon}; --glow: ${glow}; --mist: ${mist}; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; background: linear-gradient(var(--top), var(--near) 60%); color: #ece6da; font: 1.16rem/1.75 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif; }
.scene { position: relative; max-width: 1200px; margin: 0 auto; overflow: hidden; }
.scene img { display: block; width: 100%; height: auto; transition: filter 1.2s; }
.scene.dark img { filter: brightness(0.62) saturate(0.8); }
.scene::after { content: ""; position: absolute; inset: auto 0 0; height: 38%; background: linear-gradient(transparent, var(--near)); pointer-events: none; }
h1 { position: absolute; z-index: 1; inset: auto 0 4%; margin: 0 auto; padding: 0 6%; max-width: 34ch; text-align: center; text-wrap: balance; font-size: clamp(1.5rem, 4.4vw, 3.1rem); line-height: 1.15; font-weight: 500; color: var(--moon); text-shadow: 0 2px 24px #000c, 0 0 3px #000a; overflow-wrap: anywhere; }
.ghost { position: absolute; z-index: 2; left: var(--x, 46%); top: var(--y, 34%); width: clamp(52px, 9vw, 104px); padding: 0; border: 0; background: none; cursor: pointer; transition: left 1.4s cubic-bezier(.3,.1,.2,1), top 1.4s cubic-bezier(.3,.1,.2,1), opacity .8s; filter: drop-shadow(0 0 18px var(--moon)); }
.ghost svg { display: block; width: 100%; animation: float 4.5s ease-in-out infinite; }
.ghost:hover svg { filter: brightness(1.15); }
.ghost:focus-visible, .listen:focus-visible { outline: 3px solid var(--glow); outline-offset: 6px; border-radius: 14px; }
@keyframes float { 50% { transform: translateY(-14px) rotate(2deg); } }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1.4rem 5rem; }
.hint { margin: 0 0 1.4rem; text-align: center; font-style: italic; color: var(--mist); }
.part { animation: appear 1.4s ease-out; scroll-margin-bottom: 6rem; }
.part p { margin: 0 0 1.25em; overflow-wrap: anywhere; white-space: pre-line; }
.part:first-of-type p:first-child::first-letter { float: left; font-size: 3.3em; line-height: .82; padding: .08em .1em 0 0; color: var(--glow); }
@keyframes appear { from { opacity: 0; transform: translateY(14px); filter: blur(5px); } }
.teller { position: sticky; bottom: 0; display: flex; align-items: center; justify-content: center; gap: 1.1rem; padding: 1rem 0 1.2rem; background: linear-gradient(transparent, var(--near) 45%); }
.listen { padding: .6rem 1.5rem; border: 1px solid var(--glow); border-radius: 99px; background: var(--near); color: var(--glow); font: inherit; cursor: pointer; box-shadow: 0 0 22px -8px var(--glow); transition: background .3s, color .3s; }
.listen:hover { background: var(--glow); color: var(--near); }
.count { font-size: .95rem; color: var(--mist); font-variant-numeric: tabular-nums; }
footer { padding: 0 1rem 2rem; text-align: center; font-size: .85rem; color: var(--mist); opacity: .75; overflow-wrap: anywhere; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media print { .teller, .ghost, .hint { display: none; } .part { display: block !important; } }`;
}
