import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../../../src/schema/index.ts';
import { createSharingPlans } from '../../../../src/server/websocket/sharing-key.ts';

const planOf = createSharingPlans(buildSchema());
const plan = (text: string, name?: string) => planOf(parse(text), name);

describe('a subscription is shared', () => {
  test('by those whose arguments differ, as literals or as variables: they decide which events come', () => {
    const plans = [
      'subscription { agentLogs(roomId: "a") { id message } }',
      'subscription { agentLogs(roomId: "b", after: "c", levels: [WARN]) { id message } }',
      'subscription ($room: ID!, $after: ID = "d") { agentLogs(roomId: $room, after: $after) { id, message } }',
    ].map((text) => plan(text));
    expect(new Set(plans.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(plans[0]?.variables).toEqual([]);
  });

  test('by those for whom the variables of directives and of arguments further down are the same', () => {
    const text = `subscription Watch($w: ID!, $n: Int = 3, $all: Boolean!) {
      ...Root
    }
    fragment Root on Subscription {
      workflowUpdated(workflowId: $w) { version @include(if: $all) room { logs(first: $n) { edges { cursor } } } }
    }`;
    const found = plan(text);
    expect(new Set(found?.variables)).toEqual(new Set(['all', 'n']));
    // A default is part of what it depends on.
    expect(found?.selection).toContain('$n: Int = 3');
    expect(found?.selection).not.toContain('$w');
  });

  test('by nobody who selects otherwise, under another alias or by another operation of the document', () => {
    const field = 'agentLogs(roomId: "a")';
    const text = `subscription A { ${field} { id } } subscription B { ${field} { seq } } subscription C { x: ${field} { id } }`;
    const selections = ['A', 'B', 'C'].map((name) => plan(text, name)?.selection);
    expect(new Set(selections).size).toBe(3);
    expect(plan(text)).toBeNull();
  });
});

test('queries and mutations are not shared', () => {
  expect(plan('{ viewer { id } }')).toBeNull();
  expect(plan('mutation { createRoom { id } }')).toBeNull();
});
