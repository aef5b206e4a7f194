import { describe, expect, test } from 'vitest';
import { fillIn, isFollowing } from '../../../../web/graphiql/fill-in.ts';
import { openTabs, type StoredTab, type Tabs } from '../../../../web/graphiql/open-tabs.ts';
import { OPERATIONS } from '../../../../web/graphiql/operations.ts';

const NAMES = OPERATIONS.map(({ name }) => name);
const titles = ({ tabs }: Tabs) => tabs.map(({ title }) => title);

function open(stored: Tabs | null, { isKnown = true, showsRoom = false, filled = {} } = {}): Tabs {
  const ids = OPERATIONS.map(({ name }) => `new-${name}`);
  const newId = () => ids.shift() ?? '';
  return openTabs({ stored, filled, isKnown, showsRoom, newId });
}

function own(title: string, query: string, variables = ''): StoredTab {
  return {
    id: `own-${title}`,
    title,
    operationName: title,
    query,
    variables,
    headers: null,
    response: null,
    hash: null,
  };
}

describe('the tabs of GraphiQL', () => {
  test('a first visit opens all operations, the first one in front', () => {
    const opened = open(null, { isKnown: false });
    expect([titles(opened), opened.activeTabIndex]).toEqual([NAMES, 0]);
  });

  test('a later visit opens what the last one left, and a closed tab stays closed', () => {
    const stored = { tabs: [own('Mine', 'query Mine { hello }')], activeTabIndex: 0 };
    expect(open(stored)).toEqual(stored);
  });

  test('the tabs of an older version stay, and get the operations beside them', () => {
    const stored = { tabs: [own('Mine', 'query Mine { hello }')], activeTabIndex: 0 };
    expect(titles(open(stored, { isKnown: false }))).toEqual(['Mine', ...NAMES]);
  });

  test('the example of an older version that could only fail is replaced', () => {
    const old = own(
      'Watch',
      '# Paste the room id below and press Play.\nsubscription Watch { agentLogs(roomId: "") { seq } }',
    );
    expect(titles(open({ tabs: [old], activeTabIndex: 0 }, { isKnown: false }))).toEqual(NAMES);
  });

  test('a visit for a room shows Watch, and adds only the operations that take an id', () => {
    const opened = open({ tabs: [own('Mine', 'query Mine { hello }')], activeTabIndex: 0 }, { showsRoom: true });
    expect(titles(opened)).toEqual(['Mine', 'Watch', 'Result', 'Cancel', 'Retry']);
    expect(opened.activeTabIndex).toBe(1);
  });

  test('a second visit for a room uses the tabs of the first', () => {
    const first = open(null, { isKnown: false });
    expect(titles(open(first, { showsRoom: true }))).toEqual(NAMES);
  });

  test('a Watch with an id that a person entered stays, and another one shows the room', () => {
    const stored = { tabs: [own('Watch', 'subscription Watch { x }', '{"roomId":"entered"}')], activeTabIndex: 0 };
    const opened = open(stored, { showsRoom: true });
    expect(opened.tabs[0]).toEqual(stored.tabs[0]);
    expect(titles(opened)).toEqual(['Watch', 'Watch', 'Result', 'Cancel', 'Retry']);
    expect(opened.activeTabIndex).toBe(1);
  });
});

describe('filling in ids', () => {
  const subject = { roomId: 'room-1', workflowId: 'workflow-1' };
  const tab = (variables: string) => ({ id: 'tab', variables });

  test('empty ids are filled in, and other variables stay', () => {
    const filled = fillIn(tab('{"roomId": "", "workflowId": "", "first": 3}'), {}, subject);
    expect(JSON.parse(filled ?? '')).toEqual({ roomId: 'room-1', workflowId: 'workflow-1', first: 3 });
  });

  test('ids that the page filled in follow the subject', () => {
    const before = fillIn(tab('{"roomId": ""}'), {}, subject) ?? '';
    const after = fillIn(tab(before), { tab: before }, { roomId: 'room-2', workflowId: null });
    expect(JSON.parse(after ?? '')).toEqual({ roomId: 'room-2' });
  });

  test('ids that a person entered stay', () => {
    expect(fillIn(tab('{"roomId": "entered"}'), { tab: '{"roomId": "room-0"}' }, subject)).toBeNull();
  });

  test.each(['', '{', '[]', '{"other": ""}'])('variables without an id are left alone: %j', (variables) => {
    expect(isFollowing(tab(variables), {})).toBe(false);
    expect(fillIn(tab(variables), {}, subject)).toBeNull();
  });
});
