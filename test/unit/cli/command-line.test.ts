import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.ts';

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await runCommandLine(args, {
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('the command line', () => {
  test.each(['--help', '-h'])('%s lists the commands, the main variables and the exit codes', async (option) => {
    const { code, out } = await run(option);
    expect(code).toBe(0);
    for (const text of ['run', 'logs', 'agent', 'DATABASE_URL', 'Exit codes']) expect(out).toContain(text);
  });

  test.each(['--version', '-v'])('%s prints the version', async (option) => {
    expect(await run(option)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each(['start', 'run', 'logs', 'rooms', 'cancel', 'retry', 'agent'])(
    '%s --help shows how the command is used',
    async (command) => {
      const { code, out } = await run(command, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`Usage: hauntedai-orchestrator ${command}`);
    },
  );

  test.each([
    [['--prot=1'], /unknown option '--prot=1'/],
    [['agents'], /unknown command 'agents'\n\(Did you mean agent\?\)/],
    [['start', 'now'], /too many arguments for 'start'/],
    [['run'], /missing required argument 'idea'/],
    [['run', ' '], /an idea is required/],
    [['run', '🚀'.repeat(10_001)], /the idea is longer than 10000 characters/],
    [['run', '--url', 'localhost:4000', 'x'], /It must be a URL such as http:\/\/localhost:4000/],
    [['rooms', '--limit', '0'], /It must be a whole number from 1 to 100/],
    [['retry', 'id', '--from', 'poet'], /Allowed choices are story, asset, code, deploy/],
    [['agent'], /missing required argument 'name'/],
    [['agent', 'poet'], /'poet' is invalid for argument 'name'\. Allowed choices are story, asset, code, deploy/],
    [['agent', 'story', '--port', '70000'], /'70000' is invalid\. It must be a whole number from 0 to 65535/],
  ])('%j is refused with exit code 2 and the reason', async (args, reason) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(reason);
    expect(err).toContain('--help');
  });
});
