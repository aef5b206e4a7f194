import { loadEnvFile } from '../src/boot/env-file.ts';
import { parseArguments, USAGE } from './command-line.ts';
import { createDisplay } from './display.ts';
import { Interrupted, untilInterrupted } from './interruption.ts';
import { renderTitle } from './render.ts';
import { isInvalidIdea, runDemo } from './run-demo.ts';

const EXIT_DONE = 0;
const EXIT_ERROR = 1;
const EXIT_USAGE = 2;

process.exit(await main());

/** @returns the exit code */
async function main(): Promise<number> {
  const request = parseArguments(process.argv.slice(2));
  if (request.type === 'help') {
    console.log(USAGE);
    return EXIT_DONE;
  }
  if (request.type === 'invalid') {
    console.error(`${request.reason}\n\n${USAGE}`);
    return EXIT_USAGE;
  }

  const interruption = untilInterrupted();
  console.log(`${renderTitle(request.idea)}\n`);
  const display = createDisplay(process.stdout);
  let code = EXIT_ERROR;
  try {
    loadEnvFile();
    const { idea, url } = request;
    const token = request.token ?? (process.env['DEMO_TOKEN']?.trim() || null);
    await runDemo(
      { idea, url, token, env: process.env, keepServing: process.stdout.isTTY },
      display,
      ({ ok, lines }) => {
        display.close();
        if (ok) console.log(lines.join('\n'));
        else console.error(lines.join('\n'));
        code = ok ? EXIT_DONE : EXIT_ERROR;
      },
      interruption,
    );
    return code;
  } catch (error) {
    display.close();
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Interrupted) return error.exitCode;
    return isInvalidIdea(error) ? EXIT_USAGE : EXIT_ERROR;
  }
}
