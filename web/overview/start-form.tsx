import { useRef } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { LanguageSelect } from '../shared/language-select.tsx';
import { useStore } from '../shared/store.ts';
import { countdown } from '../shared/time.ts';
import { useNow } from '../shared/use-now.ts';
import { rememberedRoom } from './last-room.ts';
import type { Refusal, Starting } from './use-start.ts';

export const EXAMPLES = [
  'a lighthouse that remembers drowned sailors',
  'a clock of rain',
  'the last train to a town that is not on any map',
] as const;
const LONGEST = 10_000;

export function StartForm({ idea, edit, start, isStarting, refusal }: Starting) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      className="start"
      onSubmit={(event) => {
        event.preventDefault();
        start(idea, String(new FormData(event.currentTarget).get('language')));
        if (idea.trim() === '') field.current?.focus();
      }}
    >
      <label htmlFor="idea">What is your idea?</label>
      <div className="start-row">
        <input
          ref={field}
          id="idea"
          name="idea"
          type="text"
          // biome-ignore lint/a11y/noAutofocus: typing an idea is what this page is for
          autoFocus={rememberedRoom() === null}
          autoComplete="off"
          maxLength={LONGEST}
          placeholder={EXAMPLES[0]}
          value={idea}
          aria-describedby="start-outcome"
          aria-invalid={refusal !== null}
          onChange={(event) => edit(event.target.value)}
        />
        <button type="submit" className="primary" disabled={isStarting}>
          {isStarting ? 'Starting …' : 'Start'}
        </button>
      </div>
      <div id="start-outcome">
        {refusal !== null && <Refused {...refusal} />}
        {isStarting && <Delayed />}
      </div>
      <div className="examples">
        <span className="muted">For example</span>
        {EXAMPLES.map((example) => (
          <button
            key={example}
            type="button"
            className="chip"
            onClick={() => {
              edit(example);
              field.current?.focus();
            }}
          >
            {example}
          </button>
        ))}
        <LanguageSelect id="language" />
      </div>
    </form>
  );
}

/** The reason is announced once; the time that counts down is not. */
function Refused({ reason, retryAtMs }: Refusal) {
  const nowMs = useNow(retryAtMs !== null);
  return (
    <div className="refusal">
      <p role="alert">{reason}</p>
      {retryAtMs !== null && (
        <p className="muted">
          {nowMs < retryAtMs
            ? `Your idea is kept. You can start it in ${countdown(retryAtMs - nowMs)}.`
            : 'Your idea is kept. You can start it now.'}
        </p>
      )}
    </div>
  );
}

function Delayed() {
  const { kind } = useStore(useConnection().state);
  return (
    <p role="status" className="muted">
      {kind === 'open' ? '' : 'There is no connection. The room starts as soon as it is back.'}
    </p>
  );
}
