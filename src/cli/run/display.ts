import type { WriteStream } from 'node:tty';
import type { Progress } from './progress.ts';
import { renderAgents, renderFrame, renderLine, renderNote, type Terminal } from './render.ts';
import { createScreen } from './screen.ts';

const REDRAW_INTERVAL_MS = 100;

/** Shows a run to the user. */
export type Display = {
  /** Shows what the run is waiting for; null clears it. */
  note(text: string | null): void;
  update(progress: Progress): void;
  /** Prints the final state and releases the output. May be called more than once. */
  close(): void;
};

/** Redraws in place on a terminal; prints line by line anywhere else. */
export function createDisplay(output: NodeJS.WriteStream): Display {
  return output.isTTY && process.env['TERM'] !== 'dumb' ? createLiveDisplay(output) : createPlainDisplay(output);
}

/** Shows nothing. */
export const NO_DISPLAY: Display = { note: () => {}, update: () => {}, close: () => {} };

function createLiveDisplay(output: WriteStream): Display {
  const screen = createScreen(output);
  const terminal = (): Terminal => ({
    columns: output.columns || 80,
    rows: output.rows || 24,
    // Considers NO_COLOR and TERM.
    color: output.hasColors(),
  });
  let progress: Progress | null = null;
  let note: string | null = null;
  let open = true;
  const draw = () => {
    const now = Date.now();
    if (progress) screen.draw(renderFrame(progress, note, now, terminal()));
    else screen.draw(note === null ? [] : [renderNote(note, now, terminal())]);
  };
  const timer = setInterval(draw, REDRAW_INTERVAL_MS);
  return {
    note(text) {
      note = text;
    },
    update(next) {
      progress = next;
    },
    close() {
      if (!open) return;
      open = false;
      clearInterval(timer);
      screen.close();
      // Long lines wrap here, so that URLs can be copied.
      if (progress) output.write(summary(progress, { ...terminal(), columns: Number.POSITIVE_INFINITY }));
    },
  };
}

function summary(progress: Progress, terminal: Terminal): string {
  const dropped = progress.droppedLines === 0 ? [] : [`  … ${progress.droppedLines} earlier lines`];
  const log = progress.lines.map((line) => renderLine(line, progress, terminal));
  return `${[...renderAgents(progress, Date.now(), terminal), '', ...dropped, ...log, ''].join('\n')}\n`;
}

const PLAIN: Terminal = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY, color: false };

function createPlainDisplay(output: NodeJS.WriteStream): Display {
  const print = (lines: readonly string[]) => lines.length > 0 && output.write(`${lines.join('\n')}\n`);
  let shown = 0;
  let lastNote: string | null = null;
  let open = true;
  let last: Progress | null = null;
  return {
    note(text) {
      if (open && text !== null && text !== lastNote) print([text]);
      lastNote = text;
    },
    update(progress) {
      print(progress.lines.filter((line) => line.seq > shown).map((line) => renderLine(line, progress, PLAIN)));
      shown = progress.lines.at(-1)?.seq ?? shown;
      last = progress;
    },
    close() {
      if (open && last) print(['', ...renderAgents(last, Date.now(), PLAIN), '']);
      open = false;
    },
  };
}
