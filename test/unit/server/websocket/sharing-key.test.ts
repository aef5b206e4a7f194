import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../../../src/schema/index.ts';
import { createSharingPlanner } from '../../../../src/server/websocket/sharing-key.ts';

const planOf = createSharingPlanner(buildSchema());
const plan = (text: string, name?: string) => planOf(parse(text), name);

describe('sharing plans', () => {
  test('subscriptions that differ only in arguments share, whether literals or variables', () => {
    const plans = [
      'subscription { agentLogs(roomId: "a") { id message } }',
      'subscription { agentLogs(roomId: "b", after: "c", levels: [WARN]) { id message } }',
      'subscription ($room: ID!, $after: ID = "d") { agentLogs(roomId: $room, after: $after) { id, message } }',
    ].map((text) => plan(text));
    expect(new Set(plans.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(plans[0]?.variables).toEqual([]);
  });

  test('the variables of directives and of nested arguments are part of the plan', () => {
    const text = `subscription Watch($w: ID!, $n: Int = 3, $all: Boolean!) {
      ...Root
    }
    fragment Root on Subscription {
      workflowUpdated(workflowId: $w) { version @include(if: $all) room { logs(first: $n) { edges { cursor } } } }
    }`;
    const found = plan(text);
    expect(new Set(found?.variables)).toEqual(new Set(['all', 'n']));
    // The payload depends on a variable's default, too.
    expect(found?.selection).toContain('$n: Int = 3');
    expect(found?.selection).not.toContain('$w');
  });

  test('subscriptions with another selection or alias do not share', () => {
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
