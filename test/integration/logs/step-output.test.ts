import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished } from 'vitest';
import { createLeaseStore } from '../../../src/db/lease-store.ts';
import { createOutputWriter } from '../../../src/db/output-writer.ts';
import * as tables from '../../../src/db/tables.ts';
import { CUT_MARK } from '../../../src/orchestrator/domain/clean-text.ts';
import { MAX_OUTPUT_LENGTH } from '../../../src/orchestrator/domain/step-output.ts';
import type { PubSub } from '../../../src/orchestrator/ports/pubsub.ts';
import { createInProcessPubSub } from '../../../src/pubsub/in-process-pubsub.ts';
import { hangInBody, stream } from '../../support/agents/scripted-answers.ts';
import { connectWs } from '../../support/clients/graphql-clients.ts';
import { test as base } from '../../support/engine/fixtures.ts';
import { type OutputVariables, publishing, TRANSPORTS, watchOutput } from '../../support/engine/watched-output.ts';
import { contextOf, dataOf } from '../../support/graphql/execute.ts';
import { startSubscriptionServer } from '../../support/server/subscription-server.ts';
import { waitFor } from '../../support/wait-for.ts';

/** `test` with a server whose subscriptions the engines publish to. */
const test = base.extend<{ pubsub: PubSub; endpoint: string }>({
  pubsub: async ({}, use) => use(createInProcessPubSub()),
  endpoint: async ({ database, pubsub }, use) => {
    const { server } = await startSubscriptionServer({ database, pubsub, pollMs: 200 });
    await use(server.endpoint);
    await server.close();
  },
});

const piece = (text: string, channel?: string) => ({ partial: { text, ...(channel !== undefined && { channel }) } });
const RESULT = { result: { story: 'The end.' } };

/** Gates that a test opens one by one, in the order in which the agent waits for them. */
function gates(count: number) {
  const all = Array.from({ length: count }, () => Promise.withResolvers<void>());
  onTestFinished(() => {
    for (const { resolve } of all) resolve();
  });
  return { at: (index: number) => all[index]?.promise, open: (index: number) => all[index]?.resolve() };
}

const start = { userInput: 'a lamp' };

describe.for(TRANSPORTS)('the output of a step over %s', ([, connect]) => {
  test('a client that joins late, leaves and reconnects gets each part once, and its subscription ends with the step', async ({
    agents,
    pubsub,
    endpoint,
    start: startEngine,
  }) => {
    const { at, open } = gates(4);
    agents.script.story = () =>
      stream([piece('The 😀'), at(0), piece(' lamp'), at(1), piece(' went'), at(2), piece(' out'), at(3), RESULT]);
    const { service } = await startEngine({ wrap: publishing(pubsub) });
    const { workflow } = await service.start('local', start);
    const watch = (more: Partial<OutputVariables> = {}, known?: ReadonlyMap<string, string>) =>
      watchOutput(connect, endpoint, { workflowId: workflow.id, ...more }, known);

    const early = watch();
    await early.has('The 😀');
    open(0);
    await early.has('The 😀 lamp');
    const late = watch({ step: 'StoryAgent', channel: 'output' });
    await late.has('The 😀 lamp');
    expect(late.events.map(({ offset }) => offset)).toEqual([0]);
    await early.leave();
    open(1);
    await late.has('The 😀 lamp went');
    const after = watch({ after: early.events.at(-1)?.id }, early.texts);
    const byOffset = watch({ offset: 11 }, new Map([['output', 'The 😀 lamp']]));
    await after.has('The 😀 lamp went');
    await byOffset.has('The 😀 lamp went');
    open(2);
    await Promise.all([late, after, byOffset].map(({ has }) => has('The 😀 lamp went out')));
    open(3);
    await Promise.all([late, after, byOffset].map(({ ended }) => ended()));
    for (const { gaps, errors, events } of [early, late, after, byOffset]) {
      expect({ gaps, errors }).toEqual({ gaps: [], errors: [] });
      expect(new Set(events.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    }
    expect(after.events.at(0)?.offset).toBe(11);
    expect(byOffset.events.at(0)?.offset).toBe(11);
    const afterTheEnd = watch();
    await afterTheEnd.ended();
    expect(afterTheEnd.texts.get('output')).toBe('The 😀 lamp went out');
  });

  test('the text of an attempt that follows begins at 0, in every channel that a client has', async ({
    agents,
    pubsub,
    endpoint,
    start: startEngine,
  }) => {
    const { at, open } = gates(3);
    agents.script.story = (_call, nth) =>
      nth === 1
        ? stream([piece('first'), piece('idea', 'notes'), at(0), { error: 'no' }])
        : stream([at(1), piece('second'), at(2), RESULT]);
    const { service } = await startEngine({ wrap: publishing(pubsub) });
    const { workflow } = await service.start('local', start);
    const watcher = watchOutput(connect, endpoint, { workflowId: workflow.id });
    await watcher.has('first');
    await watcher.has('idea', 'notes');
    await watcher.leave();
    open(0);
    await agents.waitForCall('story', 2);
    open(1);
    const again = watchOutput(
      connect,
      endpoint,
      { workflowId: workflow.id, after: watcher.events.at(-1)?.id },
      watcher.texts,
    );
    await again.has('second');
    await again.has('', 'notes');
    open(2);
    await again.ended();
    const received = again.events.filter(({ channel }) => channel === 'output');
    expect(received.every(({ attempt }) => attempt === 2)).toBe(true);
    expect(received[0]?.offset).toBe(0);
  });

  test('when another worker repeats the call, the text begins at 0 under the same attempt number, and the replaced worker writes nothing more', async ({
    agents,
    database,
    pubsub,
    endpoint,
    rows,
    start: startEngine,
  }) => {
    const { at, open } = gates(2);
    agents.script.story = (_call, nth) =>
      nth === 1
        ? stream([piece('A long beginning'), at(0), piece(' and a late end'), RESULT])
        : stream([piece('Anew'), at(1), RESULT]);
    const paused = await startEngine({ wrap: publishing(pubsub) });
    const { workflow } = await paused.service.start('local', start);
    const watcher = watchOutput(connect, endpoint, { workflowId: workflow.id });
    await watcher.has('A long beginning');
    const [lease] = await createLeaseStore(database.db).renew(
      (await rows.steps(workflow.id)).story.leaseWorkerId ?? '',
    );
    const gone = watchOutput(connect, endpoint, { workflowId: workflow.id });
    await gone.has('A long beginning');
    await gone.leave();
    await database.db.execute(sql`update workers set seen_at = clock_timestamp() - interval '1 minute'`);
    await startEngine({ isSoleProcess: true, wrap: publishing(pubsub) });
    await watcher.has('Anew');
    const back = watchOutput(connect, endpoint, { workflowId: workflow.id, after: gone.events.at(-1)?.id }, gone.texts);
    await back.has('Anew');
    open(0);
    if (lease === undefined) throw new Error('the replaced worker had no lease');
    const late = { channel: 'output', offset: 16, text: ' and a late end' };
    expect(await createOutputWriter(database.db)(lease, 1, [late], false)).toBe(false);
    expect(await createOutputWriter(database.db)(lease, 1, [late], true)).toBe(false);
    open(1);
    await Promise.all([watcher.ended(), back.ended()]);
    for (const { texts, events, gaps } of [watcher, back]) {
      expect({ text: texts.get('output'), gaps }).toEqual({ text: 'Anew', gaps: [] });
      expect(events.every(({ attempt }) => attempt === 1)).toBe(true);
    }
    expect(back.events.map(({ offset, text }) => [offset, text])).toEqual([[0, 'Anew']]);
  });

  test('text whose messages are all lost is read from Postgres, in order and to the end', async ({
    agents,
    endpoint,
    start: startEngine,
  }) => {
    const { at, open } = gates(2);
    agents.script.story = () => stream([piece('one'), at(0), piece(' two'), at(1), piece(' three'), RESULT]);
    const silent = { publish: () => undefined };
    const { service } = await startEngine({ wrap: publishing(silent) });
    const { workflow } = await service.start('local', start);
    const watcher = watchOutput(connect, endpoint, { workflowId: workflow.id });
    await watcher.has('one');
    open(0);
    await watcher.has('one two');
    open(1);
    await watcher.ended();
    expect(watcher.texts.get('output')).toBe('one two three');
    expect(watcher.gaps).toEqual([]);
  });
});

describe('what is kept of a step’s output', () => {
  test('Step.output has the text of the last attempt by channel, while it is written and afterwards, and its ids resume there', async ({
    agents,
    database,
    pubsub,
    endpoint,
    rows,
    start: startEngine,
  }) => {
    const { at, open } = gates(2);
    agents.script.story = (_call, nth) =>
      nth === 1
        ? stream([piece('first'), piece('idea', 'notes'), { error: 'no' }])
        : stream([piece('sec'), at(0), piece('ond'), at(1), RESULT]);
    const { service } = await startEngine({ wrap: publishing(pubsub) });
    const { workflow } = await service.start('local', start);
    const outputs = async (viewer = 'local') => {
      const query = '{ workflow(id: "$") { steps { output { id attempt channel offset text } } } }';
      type Answer = { workflow: { steps: { output: { id: string; text: string }[] }[] } | null };
      const answer = await dataOf<Answer>(contextOf(database.db, viewer), query.replace('$', workflow.id));
      return answer.workflow?.steps.map(({ output }) => output);
    };
    const story = await waitFor('text of the second attempt', async () => {
      const [output] = (await outputs()) ?? [];
      return output?.some(({ text }) => text === 'sec') && output;
    });
    expect(story).toEqual([{ id: expect.any(String), attempt: 2, channel: 'output', offset: 0, text: 'sec' }]);
    const watcher = watchOutput(
      connectWs,
      endpoint,
      { workflowId: workflow.id, after: story[0]?.id },
      new Map([['output', 'sec']]),
    );
    open(0);
    await watcher.has('second');
    expect(watcher.events).toHaveLength(1);
    open(1);
    await rows.ended(workflow.id);
    const empty: unknown[] = [];
    expect(await outputs()).toMatchObject([[{ attempt: 2, text: 'second' }], empty, empty, empty]);
    expect(await outputs('mary')).toBeUndefined();
  });

  test('text that never stops is saved at most ten times a second, and that of several attempts in one statement', async ({
    agents,
    database,
    rows,
    start: startEngine,
  }) => {
    const saves: { at: number; workflowId: string }[] = [];
    agents.script.story = () =>
      stream(
        (async function* () {
          const until = performance.now() + 1_000;
          for (let index = 0; performance.now() < until; index += 1) {
            yield piece(`${index} `);
            await new Promise((resolve) => setTimeout(resolve, 2));
          }
          yield RESULT;
        })(),
      );
    const { service } = await startEngine({
      wrap: (deps) => ({
        ...deps,
        saveOutput(lease, ...rest) {
          saves.push({ at: performance.now(), workflowId: lease.workflowId });
          return deps.saveOutput(lease, ...rest);
        },
      }),
    });
    const started = await Promise.all(Array.from({ length: 4 }, () => service.start('local', start)));
    for (const { workflow } of started) await rows.ended(workflow.id);
    for (const { workflow } of started) {
      const times = saves.filter(({ workflowId }) => workflowId === workflow.id).map(({ at }) => at);
      expect(times.length).toBeGreaterThan(2);
      // The last save does not wait: the attempt has ended.
      const gapsMs = times.slice(0, -1).flatMap((time, index) => (index === 0 ? [] : [time - (times[index - 1] ?? 0)]));
      expect(Math.min(...gapsMs)).toBeGreaterThan(98);
    }
    expect(await database.db.$count(tables.stepOutputs)).toBe(4);
  });

  test('too long a text, too many channels and a bad shape cost nothing but text: each is reported once in the room’s log', async ({
    agents,
    database,
    rows,
    start: startEngine,
  }) => {
    const half = 'x'.repeat(MAX_OUTPUT_LENGTH / 2);
    agents.script.story = () =>
      stream([
        { partial: 'a bare string' },
        { partial: { text: 1 } },
        { partial: {} },
        '{"partial": {"text": "no end}}\n',
        piece('', 'empty'),
        piece('x', 'a\u202eb'),
        ...Array.from({ length: 9 }, (_, index) => piece('x', `channel ${index}`)),
        piece(`${half}${half}😀`),
        piece('and more'),
        { log: 'a log line', partial: { text: 'both' } },
        RESULT,
      ]);
    const { service } = await startEngine();
    const { workflow, room } = await service.start('local', start);
    expect((await rows.ended(workflow.id)).status).toBe('succeeded');
    const outputs = await database.db.select().from(tables.stepOutputs);
    expect(outputs).toHaveLength(8);
    const long = outputs.find(({ channel }) => channel === 'output');
    expect(long?.text).toBe(`a bare string${half}${half}`.slice(0, MAX_OUTPUT_LENGTH) + CUT_MARK);
    expect(long?.length).toBe(long?.text.length);
    const own = (await rows.lines(room.id)).filter(({ agentType }) => agentType === 'story');
    expect(own.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'Text in a line of the stream is not shown, nor in others like it: `text` is not a string'],
      ['warn', expect.stringMatching(/^a line of the stream is not JSON/)],
      ['warn', 'More than 8 channels of text in this attempt: the others are dropped'],
      [
        'warn',
        'The text in the channel output is longer than 262,144 characters: the rest is not shown while it is written',
      ],
      ['info', 'a log line'],
    ]);
  });

  test('the password of an agent’s URL is replaced in its text, also when it comes in two pieces', async ({
    agents,
    database,
    rows,
    start: startEngine,
  }) => {
    agents.script.story = () =>
      stream([piece('the password is hunt'), piece('er2, hunter'), piece('2 and hunt'), RESULT]);
    const story = agents.urls.story.replace('http://', 'http://user:hunter2@');
    const { service } = await startEngine({ urls: { ...agents.urls, story } });
    const { workflow } = await service.start('local', start);
    await rows.ended(workflow.id);
    expect((await database.db.select().from(tables.stepOutputs)).map(({ text }) => text)).toEqual([
      'the password is ***, *** and hunt',
    ]);
  });

  test('a cancelled step keeps the text it has, and its subscription ends', async ({
    agents,
    pubsub,
    endpoint,
    start: startEngine,
  }) => {
    agents.script.story = () =>
      hangInBody(`${JSON.stringify(piece('half a'))}\n`, { headers: { 'Content-Type': 'application/x-ndjson' } });
    const { service } = await startEngine({ wrap: publishing(pubsub) });
    const { workflow } = await service.start('local', start);
    const watcher = watchOutput(connectWs, endpoint, { workflowId: workflow.id });
    const later = watchOutput(connectWs, endpoint, { workflowId: workflow.id, step: 'DEPLOY' });
    await watcher.has('half a');
    await service.cancel('local', workflow.id);
    await Promise.all([watcher.ended(), later.ended()]);
    expect(watcher.texts.get('output')).toBe('half a');
    expect(later.events).toEqual([]);
  });
});

describe('what stepOutput refuses', () => {
  const id = '01890000-0000-7000-8000-000000000001';
  test.for<[OutputVariables, string, string?]>([
    [{ workflowId: id }, 'WORKFLOW_NOT_FOUND'],
    [{ workflowId: id, step: 'poem' }, 'INVALID_INPUT', 'step: must be one of story, asset, code, deploy.'],
    [{ workflowId: id, channel: '' }, 'INVALID_INPUT', 'channel: must not be empty; omit it to watch all channels.'],
    [{ workflowId: id, offset: -1 }, 'INVALID_INPUT', 'offset: must not be negative.'],
    [{ workflowId: id, offset: 1, after: 'x' }, 'INVALID_INPUT', 'offset: cannot be combined with `after`.'],
  ])('%j is refused with %s', async ([variables, code, message], { endpoint }) => {
    const watcher = watchOutput(connectWs, endpoint, variables);
    await watcher.ended();
    expect(watcher.errors.flat()).toMatchObject([{ extensions: { code }, ...(message !== undefined && { message }) }]);
  });
});
