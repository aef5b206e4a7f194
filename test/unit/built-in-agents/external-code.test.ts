import { describe, expect, test } from 'vitest';
import { externalCodeKey, storeExternalCode } from '../../../src/built-in-agents/external-code.ts';
import type { AgentCall, AgentOutcome } from '../../../src/orchestrator/ports/agents.ts';
import { createRetryWhileUnavailable } from '../../../src/orchestrator/retry-while-unavailable.ts';

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
    const callAgent = storeExternalCode(
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
      createRetryWhileUnavailable(() => true),
    );
    expect(await callAgent(call, signal)).toBe(answer);
    expect(kept).toEqual([externalCodeKey('room', 'code-cid')]);
    expect(calls).toBe(1);
  });

  test('is kept under a key that Postgres can index, however long the name it came under', () => {
    expect(externalCodeKey('room', 'c'.repeat(1_000_000))).toHaveLength(externalCodeKey('room', 'c').length);
  });

  test('is kept apart by room, for an agent whose cid is always the same', () => {
    expect(externalCodeKey('one', 'cid')).not.toBe(externalCodeKey('other', 'cid'));
  });
});
