import { loadEnvFile } from '../src/boot/env-file.ts';
import { parseArguments, USAGE } from './arguments.ts';
import { isBadIdea, runDemo } from './demo.ts';
import { createDisplay } from './display.ts';
import { Interrupted, untilInterrupted } from './interruption.ts';
import { renderTitle } from './render.ts';

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
  if (request.type === 'bad') {
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
    await runDemo(
      { idea, url, env: process.env },
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
    return isBadIdea(error) ? EXIT_USAGE : EXIT_ERROR;
  }
}
