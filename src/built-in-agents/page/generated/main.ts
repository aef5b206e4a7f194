/**
 * Checks the page that comes on standard input, and writes what it finds to standard output, a JSON object a line (see report.ts).
 * It parses and runs what nobody has checked: only confined-process.ts starts it, with the flags that confine it.
 */
import { text } from 'node:stream/consumers';
import { forbidCodeFromStrings, lockDown } from './lock-down.ts';
import type { Report } from './report.ts';

forbidCodeFromStrings();
// Loaded after that: happy-dom makes contexts.
const { findLoads } = await import('./find-loads.ts');
const { readMarkup } = await import('./read-markup.ts');
const { readScripts } = await import('./read-scripts.ts');
const { startPage } = await import('./headless/start-page.ts');
const html = await text(process.stdin);

// Kept before the page could replace them.
const write = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);
const say = (report: Report) => void write(`${JSON.stringify(report)}\n`);

lockDown();
say({ doing: 'it was parsed' });
const { elements, problems } = readMarkup(html);
const scripts = readScripts(elements);
for (const problem of [...problems, ...findLoads(elements), ...scripts.problems]) say({ problem });
if (scripts.canStart) await startPage(html, scripts.inline, say);
say({ done: true });
exit(0);
