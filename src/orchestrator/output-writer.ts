import { cleanText } from './domain/clean-text.ts';
import { fitOutput, MAX_CHANNELS, MAX_OUTPUT_LENGTH, type OutputPiece } from './domain/step-output.ts';

/** A channel is saved at most once in this time, and at the end of the attempt. */
const INTERVAL_MS = 100;
/** A save rewrites the row, so long texts are saved less often: at most so many units a millisecond. */
const UNITS_PER_MS = 160;

export type OutputWriter = {
  /** Never waits: what a channel may hold is bounded. */
  add(channel: string, text: string): void;
  /** Settles when everything is saved, or never will be. Never rejects: the attempt's result is what counts. */
  end(): Promise<void>;
};

export type OutputWriterDeps = {
  /** False when the lease is lost. `isLast`: the attempt ends, and waits for it. */
  save: (pieces: readonly OutputPiece[], isLast: boolean) => Promise<boolean>;
  onSaved: (pieces: readonly OutputPiece[]) => void;
  onLeaseLost: () => void;
  /** Writes a warning to the room's log. */
  warn: (message: string) => void;
  /** The attempt is over: nothing more is saved. */
  signal: AbortSignal;
};

type Channel = { saved: number; waiting: string; isCut: boolean };

/** Saves the text that an attempt streams. Text that arrives while a save is in progress shares the next one. */
export function createOutputWriter({ save, onSaved, onLeaseLost, warn, signal }: OutputWriterDeps): OutputWriter {
  const channels = new Map<string, Channel>();
  let isScheduled = false;
  let isEnding = false;
  let isClosed = false;
  let hasWarnedOfChannels = false;
  let saving: Promise<void> | null = null;
  let stopWaiting = () => {};

  async function saveWaiting(): Promise<void> {
    for (let pieces = takeWaiting(); pieces.length > 0 && !isClosed; pieces = takeWaiting()) {
      if (!(await save(pieces, isEnding))) {
        isClosed = true;
        return onLeaseLost();
      }
      onSaved(pieces);
      await pause();
    }
  }

  function takeWaiting(): OutputPiece[] {
    const pieces: OutputPiece[] = [];
    for (const [channel, state] of channels) {
      if (state.waiting === '') continue;
      pieces.push({ channel, offset: state.saved, text: state.waiting });
      state.saved += state.waiting.length;
      state.waiting = '';
    }
    return pieces;
  }

  function start(): Promise<void> {
    saving ??= saveWaiting()
      .catch((error: unknown) => {
        isClosed = true;
        if (!signal.aborted)
          warn(`The text of this step is no longer shown while it is written: ${cleanText(String(error), 200)}`);
      })
      .finally(() => {
        saving = null;
      });
    return saving;
  }

  /** All attempts of the process save at the same moments, and so in one statement. */
  async function pause(): Promise<void> {
    if (isEnding || signal.aborted) return;
    const longest = Math.max(...[...channels.values()].map(({ saved }) => saved));
    const now = performance.now();
    const next = Math.ceil((now + Math.max(INTERVAL_MS, longest / UNITS_PER_MS)) / INTERVAL_MS) * INTERVAL_MS;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, next - now);
      stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', stopWaiting, { once: true });
    });
    signal.removeEventListener('abort', stopWaiting);
  }

  function channelOf(name: string): Channel | null {
    const known = channels.get(name);
    if (known !== undefined) return known;
    if (channels.size === MAX_CHANNELS) {
      if (!hasWarnedOfChannels)
        warn(`More than ${MAX_CHANNELS} channels of text in this attempt: the others are dropped`);
      hasWarnedOfChannels = true;
      return null;
    }
    const channel = { saved: 0, waiting: '', isCut: false };
    channels.set(name, channel);
    return channel;
  }

  return {
    add(name, text) {
      if (isClosed || text === '') return;
      const channel = channelOf(name);
      if (channel === null || channel.isCut) return;
      const fitting = fitOutput(channel.saved + channel.waiting.length, text);
      channel.waiting += fitting.text;
      channel.isCut = fitting.isCut;
      if (fitting.isCut) {
        warn(
          `The text in the channel ${name} is longer than ${MAX_OUTPUT_LENGTH.toLocaleString('en')} characters: the rest is not shown while it is written`,
        );
      }
      // Not at once: more text was read along with this.
      if (!isScheduled) {
        setImmediate(() => {
          isScheduled = false;
          void start();
        });
      }
      isScheduled = true;
    },
    async end() {
      isEnding = true;
      stopWaiting();
      while (!isClosed && !signal.aborted && (saving !== null || hasWaiting())) await start();
      isClosed = true;
    },
  };

  function hasWaiting(): boolean {
    return [...channels.values()].some(({ waiting }) => waiting !== '');
  }
}
