import { describe, expect, test } from 'vitest';
import { foreignCodeKey, keepForeignCode } from '../../../src/agents/keep-foreign-code.ts';
import type { AgentCall, AgentOutcome } from '../../../src/orchestrator/ports.ts';
import { createWhenAvailable } from '../../../src/orchestrator/when-available.ts';

const call: AgentCall = {
  agent: 'code',
  input: { roomId: 'room' },
  idempotencyKey: 'workflow:code',
  traceparent: '',
  onProgress: async () => {},
};
const answer: AgentOutcome = { type: 'succeeded', result: { code: '<p>lamp</p>', cid: 'code-cid' } };
const signal = new AbortController().signal;

describe('the code of a foreign CodeAgent', () => {
  test('that comes while the database is away is kept when it is back, and the agent is not called again', async () => {
    const kept: string[] = [];
    let calls = 0;
    let asked = 0;
    const callAgent = keepForeignCode(
      async () => {
        calls += 1;
        return answer;
      },
      {
        put: async (key) => {
          asked += 1;
          if (asked === 1) throw new Error('away');
          kept.push(key);
        },
      },
      createWhenAvailable(() => true),
    );
    expect(await callAgent(call, signal)).toBe(answer);
    expect(kept).toEqual([foreignCodeKey('room', 'code-cid')]);
    expect(calls).toBe(1);
  });

  test('is kept under a key that Postgres can index, however long the name it came under', () => {
    expect(foreignCodeKey('room', 'c'.repeat(1_000_000))).toHaveLength(foreignCodeKey('room', 'c').length);
  });

  test('is kept apart by room, for an agent whose cid is always the same', () => {
    expect(foreignCodeKey('one', 'cid')).not.toBe(foreignCodeKey('other', 'cid'));
  });
});
