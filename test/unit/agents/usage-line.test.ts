import { describe, expect, test } from 'vitest';
import { redactNothing } from '../../../src/agents/agent-target.ts';
import { usageLine } from '../../../src/agents/usage-line.ts';
import { parseExactly } from '../../../src/orchestrator/domain/exact-json.ts';

const read = (json: string) => usageLine(parseExactly(json), redactNothing);
const unknown = { model: null, inputTokens: null, outputTokens: null, images: null, costUsd: null };

describe('an agent’s usage', () => {
  test('is read as it is reported, however its numbers are written', () => {
    const sent = '{"model":"m-1","inputTokens":12,"outputTokens":3e1,"images":0,"costUsd":0.10}';
    expect(read(sent)).toEqual({ model: 'm-1', inputTokens: 12, outputTokens: 30, images: 0, costUsd: 0.1 });
  });

  test('is unknown where a field is absent', () => {
    expect(read('{"inputTokens":1}')).toEqual({ ...unknown, inputTokens: 1 });
    expect(read('{}')).toEqual(unknown);
  });

  test.each(['-1', '1.5', '"7"', 'null', '1e300', 'true', '[]', '{}'])('is unknown where a count is %s', (value) => {
    expect(read(`{"inputTokens":${value}}`)).toEqual(unknown);
  });

  test.each(['-0.5', '"1"', 'null', '1e12'])('is unknown where the cost is %s', (value) => {
    expect(read(`{"costUsd":${value}}`)).toEqual(unknown);
  });

  test('is ignored when it is no object', () => {
    for (const sent of ['null', '7', '"m"', '[]']) expect(read(sent)).toBeNull();
  });

  test('has a model name of bounded length, without a comma or a secret', () => {
    expect(read('{"model":"a,b\\u001b[31m"}')?.model).toBe('a b␛[31m');
    expect(read(`{"model":"${'x'.repeat(5_000)}"}`)?.model).toHaveLength(207);
    expect(usageLine({ model: 'my secret' }, (text) => text.replace('secret', '***'))?.model).toBe('my ***');
  });
});
