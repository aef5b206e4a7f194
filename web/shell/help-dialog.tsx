import type { Ref } from 'react';

const KEYS: readonly [string, string][] = [
  ['j, k', 'next and previous step, or room'],
  ['↓ ↑ → ←', 'between rooms or steps, and between a step and its attempts'],
  ['Enter', 'show only the lines of that step, mark those of an attempt, or open the room'],
  ['e', 'next warning or error in the log'],
  ['/', 'find'],
  ['f', 'follow the newest line'],
  ['c', 'cancel the run (it asks first)'],
  ['?', 'this help'],
];

export function HelpDialog({ ref }: { ref: Ref<HTMLDialogElement> }) {
  return (
    <dialog ref={ref} aria-labelledby="help-title">
      <form method="dialog">
        <h2 id="help-title">Keys</h2>
        <dl className="keys">
          {KEYS.map(([key, meaning]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className="muted">
          The page keeps itself up to date. After a lost connection it continues where it was: no line is missing and
          none is shown twice.
        </p>
        <button type="submit" className="primary">
          Close
        </button>
      </form>
    </dialog>
  );
}
