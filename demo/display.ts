import type { WriteStream } from 'node:tty';
import type { Progress } from './progress.ts';
import { renderAgents, renderFrame, renderLine, renderNote, type Terminal } from './render.ts';
import { createScreen } from './screen.ts';

const REDRAW_EVERY_MS = 100;

/** Where the user sees the run. */
export type Display = {
  /** Says what is waited for; null: nothing any more. */
  note(text: string | null): void;
  update(progress: Progress): void;
  /** Leaves the whole picture behind and gives the output back. May be called more than once. */
  close(): void;
};

/** Redrawn in place on a terminal; lines one after the other anywhere else. */
export function createDisplay(output: NodeJS.WriteStream): Display {
  return output.isTTY && process.env['TERM'] !== 'dumb' ? createLiveDisplay(output) : createPlainDisplay(output);
}

function createLiveDisplay(output: WriteStream): Display {
  const screen = createScreen(output);
  const terminal = (): Terminal => ({
    columns: output.columns || 80,
    rows: output.rows || 24,
    // hasColors knows NO_COLOR and what TERM can do.
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
  const timer = setInterval(draw, REDRAW_EVERY_MS);
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
      if (progress) output.write(summary(progress, terminal()));
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
