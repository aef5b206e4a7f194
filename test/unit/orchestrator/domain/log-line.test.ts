import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitLine,
  type LogMetadata,
  MAX_LINE_BYTES,
  type NewLogLine,
} from '../../../../src/orchestrator/domain/log-line.ts';

const lineOf = (message: string, metadata: LogMetadata | null = null): NewLogLine => ({
  agentType: 'story',
  level: 'info',
  message,
  metadata,
});
const bytesOf = ({ message, metadata }: NewLogLine) =>
  Buffer.byteLength(message) + (metadata === null ? 0 : Buffer.byteLength(JSON.stringify(metadata)));

describe('fitting a log line', () => {
  test('a line that fits is stored unchanged', () => {
    for (const line of [lineOf('x'), lineOf('x'.repeat(MAX_LINE_BYTES)), lineOf('x', { a: 'é'.repeat(32_000) })]) {
      expect(fitLine(line)).toBe(line);
    }
  });

  test.each([
    ['a message of many bytes', lineOf('\\u202e'.repeat(16_384))],
    ['numbers that are longer written out', lineOf('x', { n: Array.from({ length: 13_000 }, () => 1e20) })],
    [
      'a thousand fields',
      lineOf('x', Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}`, 'y'.repeat(99)]))),
    ],
    ['a short message of three-byte characters', lineOf('世'.repeat(10_900), { a: 'x'.repeat(33_000) })],
    ['one field with a long name', lineOf('x', { ['n'.repeat(MAX_LINE_BYTES)]: 1 })],
  ])('a line that is too large because of %s is cut, and its metadata shows it', (_what, line) => {
    const fitting = fitLine(line);
    expect(bytesOf(line)).toBeGreaterThan(MAX_LINE_BYTES);
    expect(bytesOf(fitting)).toBeLessThanOrEqual(MAX_LINE_BYTES);
    expect(fitting.metadata?.['cut']).toBe(`the line had ${bytesOf(line)} bytes; the maximum is 65536`);
  });

  test('a cut line keeps its short metadata fields, and the beginning of its message with a mark', () => {
    const line = fitLine(lineOf('ab'.repeat(40_000), { event: 'deployment.completed', url: 'u'.repeat(1_000) }));
    expect(line.metadata).toEqual({ event: 'deployment.completed', cut: expect.any(String) });
    expect(line.message).toMatch(/^(ab)+… \(cut\)$/);
  });

  test('a stored line never exceeds the maximum size, whatever its content', () => {
    const part = fc.constantFrom('x', 'é', '"', '\\u0000', '\\ud800', '🕯', 'ab');
    const text = fc.tuple(part, fc.nat(25_000)).map(([letters, times]) => letters.repeat(times));
    fc.assert(
      fc.property(
        text,
        fc.dictionary(fc.string(), fc.oneof(text, fc.double()), { maxKeys: 4 }),
        (message, metadata) => {
          expect(bytesOf(fitLine(lineOf(message, metadata)))).toBeLessThanOrEqual(MAX_LINE_BYTES);
        },
      ),
      { numRuns: 10 },
    );
  });
});
