import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CUT_MARK } from '../../../../src/orchestrator/domain/clean-text.ts';
import {
  allOutput,
  nextChannel,
  nextOutput,
  OUTPUT_START,
  type OutputPosition,
  positionAt,
  positionOfCursor,
} from '../../../../src/orchestrator/domain/output-position.ts';
import {
  fitOutput,
  latestText,
  MAX_OUTPUT_LENGTH,
  type OutputEvent,
  type OutputPiece,
  type StepText,
  wholeCharacters,
  withPiece,
} from '../../../../src/orchestrator/domain/step-output.ts';

const STEP = { workflowId: '01890000-0000-7000-8000-000000000001', agent: 'story' } as const;

const textOf = (texts: Record<string, string>, call = 1): StepText => ({
  attempt: 1,
  call,
  isEnded: false,
  texts: new Map(Object.entries(texts)),
});

/** A client's texts by channel, kept as schema.graphql describes. */
function createClient() {
  const texts = new Map<string, string>();
  return {
    texts,
    /** Fails if an event repeats text, or if text before it is missing. */
    receive({ channel, offset, text }: OutputEvent) {
      const known = texts.get(channel) ?? '';
      if (offset > 0) expect(offset).toBe(known.length);
      texts.set(channel, known.slice(0, offset) + text);
    },
    shown: () => Object.fromEntries([...texts].filter(([, text]) => text !== '')),
  };
}

/** Everything that a watcher at this position gets now. */
function drain(text: StepText, from: OutputPosition, only: string | null = null) {
  const events: OutputEvent[] = [];
  let position = from;
  for (let channel = nextChannel(text, position, only); channel; channel = nextChannel(text, position, only)) {
    const next = nextOutput(STEP, text, position, channel);
    events.push(next.event);
    position = next.position;
  }
  return { events, position };
}

const words = fc
  .array(fc.constantFrom('a', '😀', '\n', 'é', '|', ' '), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
const channels = fc.constantFrom('output', 'a|b', 'ü 😀');
/** What happens to a step's output: its agent writes, another call begins, and messages and reads arrive in any order. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('write' as const), channel: channels, text: words }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('call' as const), isRetry: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('deliver' as const), index: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('read' as const), age: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('watch' as const), reconnects: fc.boolean() }) },
);

describe('the output of a step', () => {
  test('whatever is lost, late or repeated, and however often it reconnects, a watcher ends with the text of the last call, each part once', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.option(channels), (happenings, only) => {
        const rows: StepText[] = [textOf({})];
        const published: (OutputPiece & { attempt: number; call: number })[] = [];
        let known: StepText | null = null;
        let position = OUTPUT_START;
        let lastId: string | null = null;
        const client = createClient();
        const current = () => rows.at(-1) ?? textOf({});
        const watch = () => {
          if (known === null) return;
          const { events, position: after } = drain(known, position, only);
          for (const event of events) client.receive(event);
          position = after;
          lastId = events.at(-1)?.id ?? lastId;
        };
        for (const event of happenings) {
          const { attempt, call, texts } = current();
          if (event.type === 'write') {
            const before = texts.get(event.channel) ?? '';
            published.push({ attempt, call, channel: event.channel, offset: before.length, text: event.text });
            rows.push({ ...current(), texts: new Map(texts).set(event.channel, before + event.text) });
          } else if (event.type === 'call') {
            rows.push({ ...textOf({}, call + 1), attempt: attempt + (event.isRetry ? 1 : 0) });
          } else if (event.type === 'deliver') {
            const piece = published[event.index % Math.max(1, published.length)];
            known = (piece && known && withPiece(known, piece)) ?? known;
          } else if (event.type === 'read') {
            known = latestText(known, rows[Math.max(0, rows.length - 1 - event.age)] ?? current());
          } else {
            watch();
            if (event.reconnects && lastId !== null) position = positionOfCursor(STEP, lastId) ?? OUTPUT_START;
          }
        }
        known = latestText(known, current());
        watch();
        const expected = [...current().texts].filter(([channel]) => only === null || channel === only);
        expect(client.shown()).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 500 },
    );
  });

  test('when another call begins, the texts of all channels that a watcher has begin anew, even while nothing is written', () => {
    const { position } = drain(textOf({ story: 'A lamp', notes: 'dark' }), OUTPUT_START);
    const { events } = drain({ ...textOf({ story: 'The' }, 2), attempt: 2 }, position);
    expect(events.map(({ id, ...event }) => event)).toEqual([
      { attempt: 2, channel: 'story', offset: 0, text: 'The' },
      { attempt: 2, channel: 'notes', offset: 0, text: '' },
    ]);
  });

  test('an offset begins there in each channel that has it, in whole characters, and at 0 in a shorter one', () => {
    const text = textOf({ story: 'a 😀 b', notes: 'ab' });
    const at = (offset: number) =>
      drain(text, positionAt(text, offset)).events.map(({ channel, offset: from, text: added }) => [
        channel,
        from,
        added,
      ]);
    expect(at(3)).toEqual([
      ['story', 2, '😀 b'],
      ['notes', 0, 'ab'],
    ]);
    expect(at(2)).toEqual([['story', 2, '😀 b']]);
  });

  test('watchers at the same position get the same id, in whatever order they received the channels', () => {
    const text = textOf({ b: 'bb', a: 'a' });
    const oneAfterTheOther = drain(textOf({ b: 'bb', a: 'a' }), drain(textOf({ a: 'a' }), OUTPUT_START).position);
    expect(oneAfterTheOther.position.key).toBe(drain(text, OUTPUT_START).position.key);
    expect(allOutput(STEP, text).at(-1)?.id).toBe(oneAfterTheOther.events.at(-1)?.id);
  });

  test.each([
    ['', 'nothing'],
    ['x', 'another text'],
    [Buffer.from('output|w|story|').toString('base64url'), 'the cursor of another step'],
    [Buffer.from(`output|${STEP.workflowId}|story|1.x.YQ`).toString('base64url'), 'a malformed position'],
    [Buffer.from(`output|${STEP.workflowId}|story|1.2.YQ 1.1.YQ`).toString('base64url'), 'a channel twice'],
  ])('%j is no cursor of the step: it is %s', (cursor) => {
    expect(positionOfCursor(STEP, cursor)).toBeNull();
  });

  test('a text that is too long is cut between whole characters, with a mark, and only once', () => {
    const full = 'x'.repeat(MAX_OUTPUT_LENGTH - 1);
    expect(fitOutput(0, full)).toEqual({ text: full, isCut: false });
    expect(fitOutput(full.length, '😀 and more')).toEqual({ text: CUT_MARK, isCut: true });
  });

  test('no offset is within a surrogate pair', () => {
    fc.assert(
      fc.property(words, fc.nat(10), (text, offset) => {
        const whole = wholeCharacters(text, Math.min(offset, text.length));
        expect(text.slice(0, whole).isWellFormed() && text.slice(whole).isWellFormed()).toBe(true);
      }),
    );
  });
});
