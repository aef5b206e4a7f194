import type { Ref } from 'react';
import { LanguageSelect } from '../shared/language-select.tsx';
import type { WorkflowState } from './operations.ts';

/** What to run. */
export type Wanted = { idea: string; language: string | null; variation: number | null };

type Props = {
  ref: Ref<HTMLDialogElement>;
  /** The run that is repeated. */
  workflow: WorkflowState;
  onStart(wanted: Wanted): void;
};

const LONGEST = 10_000;

/** Starts another run in the same room, with the idea as it was or changed. */
export function AgainDialog({ ref, workflow, onStart }: Props) {
  return (
    <dialog ref={ref} aria-labelledby="again-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          const { submitter } = event.nativeEvent as SubmitEvent;
          if (!(submitter instanceof HTMLButtonElement) || submitter.value !== 'start') return;
          const form = new FormData(event.currentTarget);
          const { variation } = workflow;
          onStart({
            idea: String(form.get('again')),
            language: String(form.get('language')) || null,
            variation: form.has('different') ? (variation ?? 0) + 1 : variation,
          });
        }}
      >
        <h2 id="again-title">Run again</h2>
        <p>All steps run again in this room. This run stays in its list of runs.</p>
        <label htmlFor="again">The idea</label>
        <textarea id="again" name="again" rows={4} required maxLength={LONGEST} defaultValue={workflow.userInput} />
        <LanguageSelect id="again-language" initial={workflow.language} />
        <label className="check">
          <input type="checkbox" name="different" defaultChecked /> Ask for a different result
        </label>
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
