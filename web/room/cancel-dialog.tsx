import type { Ref } from 'react';

/** Only the key asks: it is easily pressed by mistake. */
export function CancelDialog({ ref, onConfirm }: { ref: Ref<HTMLDialogElement>; onConfirm(): void }) {
  return (
    <dialog ref={ref} aria-labelledby="cancel-title">
      <form
        method="dialog"
        onSubmit={(event) => {
          const { submitter } = event.nativeEvent as SubmitEvent;
          if (submitter instanceof HTMLButtonElement && submitter.value === 'cancel') onConfirm();
        }}
      >
        <h2 id="cancel-title">Cancel this run?</h2>
        <p>
          The call in progress is stopped. Results up to now are kept, and you can retry from there. No reward is paid.
        </p>
        <div className="actions">
          <button type="submit" value="cancel" className="primary">
            Cancel the run
          </button>
          <button type="submit" value="keep">
            Keep it running
          </button>
        </div>
      </form>
    </dialog>
  );
}
