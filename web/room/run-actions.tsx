import { type RefObject, useRef } from 'react';
import type { LineListHandle } from '../log/line-list.tsx';
import { graphiqlHref } from '../navigation/addresses.ts';
import type { Results } from '../results/use-results.ts';
import { isFinal } from '../shared/words.ts';
import { AgainDialog } from './again-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import type { LogLine, WorkflowState } from './operations.ts';
import { ShareDialog } from './share-dialog.tsx';
import type { Actions } from './use-actions.ts';
import { useRoomKeys } from './use-room-keys.ts';

type Props = {
  roomId: string;
  workflow: WorkflowState;
  lines: readonly LogLine[];
  results: Results;
  actions: Actions;
  isReadOnly: boolean;
  log: RefObject<LineListHandle | null>;
};

/** What can be done with a run. */
export function RunActions({ roomId, workflow, lines, results, actions, isReadOnly, log }: Props) {
  const cancelDialog = useRef<HTMLDialogElement>(null);
  const againDialog = useRef<HTMLDialogElement>(null);
  const shareDialog = useRef<HTMLDialogElement>(null);
  const mayCancel = !isReadOnly && !isFinal(workflow.status);
  useRoomKeys({
    log,
    onCancel: () => mayCancel && cancelDialog.current?.showModal(),
    onNoProblem: () => actions.say('The lines shown have no warning and no error.'),
  });
  return (
    <div className="actions">
      {mayCancel && (
        <button
          type="button"
          data-testid="cancel"
          disabled={actions.busy}
          title="Stops the call in progress. Results up to now are kept, and you can retry from there. No reward is paid."
          onClick={actions.cancel}
        >
          Cancel
        </button>
      )}
      {!isReadOnly && !mayCancel && (
        <button type="button" disabled={actions.busy} onClick={() => againDialog.current?.showModal()}>
          Run again
        </button>
      )}
      <button type="button" className="quiet" onClick={() => shareDialog.current?.showModal()}>
        Share
      </button>
      {!isReadOnly && document.documentElement.hasAttribute('data-graphiql') && (
        <a className="quiet button" href={graphiqlHref(roomId, workflow.id)}>
          Open in GraphiQL
        </a>
      )}
      <CancelDialog ref={cancelDialog} onConfirm={actions.cancel} />
      <AgainDialog ref={againDialog} workflow={workflow} onStart={actions.again} />
      <ShareDialog
        ref={shareDialog}
        roomId={roomId}
        workflow={workflow}
        lines={lines}
        results={results}
        createLink={isReadOnly ? null : actions.createLink}
      />
    </div>
  );
}
