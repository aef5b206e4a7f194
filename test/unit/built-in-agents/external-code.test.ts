import { describe, expect, test } from 'vitest';
import { externalCodeKey, storeExternalCode } from '../../../src/built-in-agents/external-code.ts';
import type { AgentCall, AgentOutcome } from '../../../src/orchestrator/ports/call-agent.ts';
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

describe('the code of an external CodeAgent', () => {
  test('code that arrives while the database is unavailable is stored once it is available again, without another call', async () => {
    const stored: string[] = [];
    let calls = 0;
    let puts = 0;
    const callAgent = storeExternalCode(
      async () => {
        calls += 1;
        return answer;
      },
      {
        put: async (key) => {
          puts += 1;
          if (puts === 1) throw new Error('unavailable');
          stored.push(key);
        },
      },
      createRetryWhileUnavailable(() => true),
    );
    expect(await callAgent(call, signal)).toBe(answer);
    expect(stored).toEqual([externalCodeKey('room', 'code-cid')]);
    expect(calls).toBe(1);
  });

  test('the key is short enough for a Postgres index, however long the agent’s cid is', () => {
    expect(externalCodeKey('room', 'c'.repeat(1_000_000))).toHaveLength(externalCodeKey('room', 'c').length);
  });

  test('the key differs between rooms, even if the agent’s cid is always the same', () => {
    expect(externalCodeKey('one', 'cid')).not.toBe(externalCodeKey('other', 'cid'));
  });
});
