import type { Ref } from 'react';

type Props = { ref: Ref<HTMLDialogElement>; idea: string; onStart(idea: string): void };

const LONGEST = 10_000;

/** Starts another run in the same room, with the idea as it was or changed. */
export function AgainDialog({ ref, idea, onStart }: Props) {
  return (
    <dialog ref={ref} aria-labelledby="again-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          const { submitter } = event.nativeEvent as SubmitEvent;
          if (!(submitter instanceof HTMLButtonElement) || submitter.value !== 'start') return;
          onStart(String(new FormData(event.currentTarget).get('again')));
        }}
      >
        <h2 id="again-title">Run again</h2>
        <p>All steps run again in this room. This run stays in its list of runs.</p>
        <label htmlFor="again">The idea</label>
        <textarea id="again" name="again" rows={4} required maxLength={LONGEST} defaultValue={idea} />
        <div className="actions">
          <button type="submit" value="start" className="primary">
            Start the run
          </button>
          <button type="submit" value="close" formNoValidate>
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}
