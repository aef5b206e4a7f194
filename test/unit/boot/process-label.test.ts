import { describe, expect, test } from 'vitest';
import { describeProcess, isRunningHere, processLabel } from '../../../src/boot/process-label.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

describe('the label of a process', () => {
  test('a label becomes a description with the process id and the URL', () => {
    const label = processLabel(parseConfig({ PORT: '4300' }));
    expect(Buffer.byteLength(label)).toBeLessThanOrEqual(63);
    expect(describeProcess(label)).toBe(`process ${process.pid}, which listens at http://127.0.0.1:4300`);
  });

  test('a label has no URL if the port is not known yet', () => {
    expect(describeProcess(processLabel(parseConfig({ PORT: '0' })))).toBe(`process ${process.pid}`);
  });

  test('a text that is no label describes another process', () => {
    expect(describeProcess('psql')).toBe('another process');
  });

  test('another live process counts as running, while a dead one, this one and an unknown one do not', () => {
    const label = (pid: number) => `hauntedai-orchestrator, pid ${pid}`;
    expect(isRunningHere(label(process.ppid))).toBe(true);
    expect(isRunningHere(label(2 ** 30))).toBe(false);
    expect(isRunningHere(label(process.pid))).toBe(false);
    expect(isRunningHere('psql')).toBe(false);
  });
});
