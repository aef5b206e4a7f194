import type { Ref } from 'react';
import type { Results } from '../results/use-results.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import type { LogLine, WorkflowState } from './operations.ts';
import { runAsText } from './run-as-text.ts';

type Props = {
  ref: Ref<HTMLDialogElement>;
  roomId: string;
  workflow: WorkflowState;
  lines: readonly LogLine[];
  results: Results;
  /** Null: the viewer may not make one. */
  createLink: (() => Promise<string>) | null;
};

/** Ways to take a room elsewhere. */
export function ShareDialog({ ref, roomId, workflow, lines, results, createLink }: Props) {
  return (
    <dialog ref={ref} aria-labelledby="share-title">
      <form method="dialog">
        <h2 id="share-title">Share</h2>
        <ul className="choices">
          {createLink !== null && (
            <li>
              <p>
                <strong>A read-only link.</strong> Whoever has it can read this room for a day, and change nothing.
              </p>
              <CopyButton label="Copy link that is read-only" text={createLink}>
                Copy link
              </CopyButton>
            </li>
          )}
          <li>
            <p>
              <strong>The run as text.</strong> Steps, attempts, errors, the last lines and the results, for a ticket or
              an assistant.
            </p>
            <CopyButton label="Copy text of the run" text={() => runAsText(workflow, lines, results)}>
              Copy text
            </CopyButton>
          </li>
          <li>
            <p>
              <strong>The log.</strong> All lines of this run, one JSON object a line.
            </p>
            <button type="button" className="small" onClick={() => download(lines, `room-${roomId}.ndjson`)}>
              Download
            </button>
          </li>
        </ul>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function download(lines: readonly LogLine[], name: string): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
