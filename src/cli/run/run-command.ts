import { loadEnvFile } from '../../boot/env-file.ts';
import { UnreachableError } from '../../client/api-client.ts';
import { type ApiOptions, apiAccess, UsageError } from '../api.ts';
import { EXIT } from '../exit-codes.ts';
import { Interrupted, untilInterrupted } from '../interruption.ts';
import { createDisplay, NO_DISPLAY } from './display.ts';
import { renderTitle } from './render.ts';
import type { Outcome } from './result.ts';
import { isInvalidIdea, runIdea } from './run-idea.ts';
import type { RunSummary } from './summary.ts';

export type RunOptions = ApiOptions & { json?: true };

/** @returns the exit code */
export async function run(idea: string, options: RunOptions): Promise<number> {
  const isForPrograms = options.json === true;
  const interruption = untilInterrupted();
  if (!isForPrograms) console.log(`${renderTitle(idea)}\n`);
  const display = isForPrograms ? NO_DISPLAY : createDisplay(process.stdout);
  let code: number = EXIT.error;
  const report = ({ ok, lines }: Outcome, summary: RunSummary) => {
    display.close();
    if (isForPrograms) console.log(JSON.stringify(summary));
    else if (ok) console.log(lines.join('\n'));
    else console.error(lines.join('\n'));
    code = ok ? EXIT.done : EXIT.error;
  };
  try {
    loadEnvFile();
    const { url, token } = apiAccess(options);
    const keepServing = process.stdout.isTTY && !isForPrograms;
    // The variable of earlier versions.
    const access = { url, token: token ?? (process.env['DEMO_TOKEN']?.trim() || null) };
    await runIdea({ idea, ...access, env: process.env, keepServing }, display, report, interruption);
    return code;
  } catch (error) {
    display.close();
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Interrupted) return error.exitCode;
    if (error instanceof UnreachableError) return EXIT.unreachable;
    return error instanceof UsageError || isInvalidIdea(error) ? EXIT.usage : EXIT.error;
  }
}
