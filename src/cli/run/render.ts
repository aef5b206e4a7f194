import { styleText } from 'node:util';
import type { LogLine, Step, StepStatus } from '../../client/operations.ts';
import { displayWidth, duration, printable, truncate } from '../text.ts';
import { titleOf } from '../titles.ts';
import { type Progress, serverNowMs } from './progress.ts';

export type Terminal = { columns: number; rows: number; color: boolean };

type Color = 'green' | 'red' | 'yellow' | 'cyan' | 'gray';
type Part = { text: string; color?: Color | undefined };

const TITLE_WIDTH = 'Orchestrator'.length;

const MARKS: Record<StepStatus, Part> = {
  PENDING: { text: '·', color: 'gray' },
  RUNNING: { text: '', color: 'cyan' },
  WAITING_TO_RETRY: { text: '↻', color: 'yellow' },
  SUCCEEDED: { text: '✔', color: 'green' },
  FAILED: { text: '✖', color: 'red' },
  CANCELLED: { text: '⊘', color: 'gray' },
};
const LEVEL_COLORS: Record<LogLine['level'], Color | undefined> = {
  INFO: undefined,
  WARN: 'yellow',
  ERROR: 'red',
  SUCCESS: 'green',
};

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const SPINNER_FRAME_MS = 100;

/** In terminal cells; a long idea is cut so that it does not push the run off the screen. */
const TITLE_IDEA_WIDTH = 120;

/** The heading of a run. */
export function renderTitle(idea: string): string {
  return `A room for “${truncate(printable(idea), TITLE_IDEA_WIDTH)}”`;
}

/** The run as it fits the terminal: the agents, then as many of the newest log lines as there is room for. */
export function renderFrame(progress: Progress, note: string | null, nowMs: number, terminal: Terminal): string[] {
  const agents = renderAgents(progress, nowMs, terminal);
  const notes = note === null ? [] : [renderNote(note, nowMs, terminal)];
  // One row stays free for the cursor: a frame as high as the terminal would scroll it.
  const room = Math.max(0, terminal.rows - 1 - agents.length - notes.length - 2);
  const log = room === 0 ? [] : progress.lines.slice(-room).map((line) => renderLine(line, progress, terminal));
  return [...agents, '', ...log, ...notes].slice(0, Math.max(1, terminal.rows - 1));
}

/** One line per agent: status, attempt, elapsed time, and why it waits or failed. */
export function renderAgents(progress: Progress, nowMs: number, terminal: Terminal): string[] {
  const now = serverNowMs(progress, nowMs);
  return progress.workflow.steps.map((step) => {
    const mark = step.status === 'RUNNING' ? { text: spinner(nowMs), color: 'cyan' as const } : MARKS[step.status];
    const attempt = step.attempts.at(-1);
    return paint(
      [
        { text: '  ' },
        mark,
        { text: ` ${titleOf(step.agent).padEnd(TITLE_WIDTH)}` },
        {
          text: attempt ? `  attempt ${attempt.number}` : '',
          color: attempt && attempt.number > 1 ? 'yellow' : 'gray',
        },
        { text: step.startedAt === null ? '' : `  ${elapsed(step.startedAt, step.finishedAt, now).padStart(8)}` },
        reason(step, now),
      ],
      terminal,
    );
  });
}

function elapsed(startedAt: string, finishedAt: string | null, nowMs: number): string {
  return duration((finishedAt === null ? nowMs : Date.parse(finishedAt)) - Date.parse(startedAt));
}

function reason(step: Step, nowMs: number): Part {
  const error = printable(step.error ?? '');
  if (step.status === 'FAILED') return { text: `  ${error}`, color: 'red' };
  if (step.status !== 'WAITING_TO_RETRY' || step.nextAttemptAt === null) return { text: '' };
  const wait = duration(Date.parse(step.nextAttemptAt) - nowMs);
  return { text: `  retry in ${wait}${error && `: ${error}`}`, color: 'yellow' };
}

/** A log line, with the time since the workflow was created. */
export function renderLine(line: LogLine, { workflow }: Progress, terminal: Terminal): string {
  const time = duration(Date.parse(line.timestamp) - Date.parse(workflow.createdAt));
  return paint(
    [
      { text: `${time.padStart(8)}  `, color: 'gray' },
      { text: `${titleOf(line.agentType).padEnd(TITLE_WIDTH)}  `, color: 'gray' },
      // A word as well as a color: some users do not see colors, and files have none.
      {
        text: line.level === 'WARN' || line.level === 'ERROR' ? `${line.level.toLowerCase()}: ` : '',
        color: LEVEL_COLORS[line.level],
      },
      { text: printable(line.message), color: LEVEL_COLORS[line.level] },
    ],
    terminal,
  );
}

/** What the run is waiting for. */
export function renderNote(note: string, nowMs: number, terminal: Terminal): string {
  return paint([{ text: '  ' }, { text: spinner(nowMs), color: 'cyan' }, { text: ` ${printable(note)}` }], terminal);
}

function spinner(nowMs: number): string {
  return SPINNER.charAt(Math.floor(nowMs / SPINNER_FRAME_MS) % SPINNER.length);
}

/** Cuts to the terminal's width before adding colors, so that no color code is cut in half. */
function paint(parts: readonly Part[], terminal: Terminal): string {
  let room = terminal.columns;
  let line = '';
  for (const { text, color } of parts) {
    const shown = truncate(text, room);
    room -= displayWidth(shown);
    line += color && terminal.color && shown !== '' ? styleText(color, shown, { validateStream: false }) : shown;
    if (shown !== text) break;
  }
  return line.trimEnd();
}
