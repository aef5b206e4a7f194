import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';

type Cell = string | number | null;

/** A Markdown table that can be pasted into docs/. Numbers have three significant digits and are right-aligned. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const align = headings.map((_heading, column) => (rows.every((row) => isFigure(row[column])) ? 'r' : 'l'));
  return markdownTable([[...headings], ...rows.map((row) => row.map(shown))], { align });
}

const isFigure = (cell: Cell | undefined) => typeof cell === 'number' || cell === null;

function shown(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return Math.abs(cell) >= 100 ? String(Math.round(cell)) : String(Number(cell.toPrecision(3)));
}

/**
 * Writes a run to bench/results/<name>-<time>.json, which git ignores.
 * @returns the path of the file
 */
export function writeResult(name: string, result: object): string {
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const path = fileURLToPath(new URL(`${name}-${at.replaceAll(':', '-')}.json`, folder));
  writeFileSync(path, `${JSON.stringify({ name, at, ...result }, null, 2)}\n`);
  return path;
}
