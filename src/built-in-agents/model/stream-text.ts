import { setTimeout as sleep } from 'node:timers/promises';

/** Pieces that arrive within this time, in ms, are sent together. */
const INTERVAL_MS = 50;

const endsInHighSurrogate = (text: string): boolean => /[\ud800-\udbff]$/.test(text);

/**
 * Sends what readers may see of a text that grows. What arrives while a piece is being sent is sent with the next, so a
 * slow reader does not slow the model down.
 * @param send rejects once nobody reads any more
 */
export function streamText(
  visible: (raw: string, isComplete: boolean) => string,
  send: (piece: string) => Promise<void>,
) {
  let raw = '';
  let sent = '';
  let isComplete = false;
  let isStopped = false;
  let sending: Promise<void> | null = null;

  async function sendAll(): Promise<void> {
    for (let piece = unsent(); piece !== '' && !isStopped; piece = unsent()) {
      sent += piece;
      await send(piece);
      await sleep(INTERVAL_MS);
    }
  }

  function unsent(): string {
    const text = visible(raw, isComplete);
    if (!text.startsWith(sent)) return '';
    // The second half of a character may come with the next piece.
    return text.slice(sent.length, isComplete || !endsInHighSurrogate(text) ? undefined : -1);
  }

  function start(): Promise<void> {
    sending ??= sendAll()
      // The call ends for the same reason.
      .catch(() => undefined)
      .finally(() => {
        sending = null;
      });
    return sending;
  }

  return {
    add(text: string): void {
      raw += text;
      void start();
    },
    /** Sends nothing more. */
    stop(): void {
      isStopped = true;
    },
    /** Settles when everything is sent. @param whole the text, of which some may have been added */
    async end(whole: string): Promise<void> {
      raw = whole;
      isComplete = true;
      await sending;
      await start();
    },
  };
}
