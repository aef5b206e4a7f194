import type { WriteStream } from 'node:tty';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** With wrapping, a line wider than estimated would take two rows, and the next frame would be drawn a row too low. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
/** Sent before a line, because after it the cursor may be on its last character. */
const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** The part of a terminal below the cursor, which is redrawn in place. */
export type Screen = {
  /** Replaces the last frame. A frame must leave one row of the terminal free. */
  draw(lines: readonly string[]): void;
  /** Clears the last frame and restores the terminal. May be called more than once. */
  close(): void;
};

export function createScreen(terminal: WriteStream): Screen {
  let drawnRows = 0;
  let resized = false;
  let open = true;
  const onResize = () => {
    resized = true;
  };
  /** Moves to the first row of the last frame; after a resize, which may have rewrapped it, clears the whole screen. */
  const moveToFrameStart = () => {
    if (resized) return CLEAR_SCREEN;
    return drawnRows === 0 ? '' : `\u001b[${drawnRows}A\r`;
  };
  const close = () => {
    if (!open) return;
    open = false;
    terminal.off('resize', onResize);
    process.off('exit', close);
    terminal.write(`${moveToFrameStart()}${CLEAR_BELOW}${WRAP}${SHOW_CURSOR}`);
  };

  terminal.on('resize', onResize);
  // However the process ends, the terminal gets its cursor back.
  process.on('exit', close);
  terminal.write(HIDE_CURSOR + NO_WRAP);

  return {
    draw(lines) {
      if (!open) return;
      const frame = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
      terminal.write(`${moveToFrameStart()}${frame}${CLEAR_BELOW}`);
      drawnRows = lines.length;
      resized = false;
    },
    close,
  };
}
