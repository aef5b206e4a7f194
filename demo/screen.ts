import type { WriteStream } from 'node:tty';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Without it a line that is wider than was reckoned takes two rows, and the next frame lands a row too low. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
/** Before the line, not behind it: there the cursor may stand on its last character. */
const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** The part of a terminal below the cursor, drawn over and over. */
export type Screen = {
  /** Replaces the last frame, which must fit the terminal's rows but one. */
  draw(lines: readonly string[]): void;
  /** Takes the last frame away and gives the terminal back as it was. May be called more than once. */
  close(): void;
};

export function createScreen(terminal: WriteStream): Screen {
  let drawnRows = 0;
  let resized = false;
  let open = true;
  const onResize = () => {
    resized = true;
  };
  /** To the first row of the last frame. A narrower terminal has folded it, nobody knows how: then from the top. */
  const back = () => {
    if (resized) return CLEAR_SCREEN;
    return drawnRows === 0 ? '' : `\u001b[${drawnRows}A\r`;
  };
  const close = () => {
    if (!open) return;
    open = false;
    terminal.off('resize', onResize);
    process.off('exit', close);
    terminal.write(`${back()}${CLEAR_BELOW}${WRAP}${SHOW_CURSOR}`);
  };

  terminal.on('resize', onResize);
  // Whatever ends the process, the user's terminal has a cursor afterwards.
  process.on('exit', close);
  terminal.write(HIDE_CURSOR + NO_WRAP);

  return {
    draw(lines) {
      if (!open) return;
      const frame = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
      terminal.write(`${back()}${frame}${CLEAR_BELOW}`);
      drawnRows = lines.length;
      resized = false;
    },
    close,
  };
}
