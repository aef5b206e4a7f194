import { SentInput } from '../results/sent-input.tsx';
import { explainFailure } from './explain-failure.ts';
import type { WorkflowState } from './operations.ts';

/** Each failed step as a sentence with what to do next; the raw error is folded away. */
export function FailureNote({ workflow, onShow }: { workflow: WorkflowState; onShow(step: string): void }) {
  const failed = workflow.steps.filter(({ status }) => status === 'FAILED');
  if (failed.length === 0) return null;
  return (
    <section className="failures" aria-label="What went wrong">
      {failed.map((step) => {
        const { sentence, advice } = explainFailure(step);
        return (
          <div key={step.agent} className="failure">
            <p>
              <strong>{sentence}</strong> {advice}
            </p>
            <div className="failure-more">
              <details open={isAbout(step)}>
                <summary>Detail</summary>
                <pre>{step.error ?? 'no detail'}</pre>
              </details>
              <SentInput workflowId={workflow.id} step={step.agent} />
              <button type="button" className="small" onClick={() => onShow(step.agent)}>
                Show its lines
              </button>
            </div>
          </div>
        );
      })}
    </section>
  );
}

/** Whether the advice refers to the detail. */
const isAbout = ({ errorCode }: WorkflowState['steps'][number]): boolean =>
  errorCode === 'BAD_RESPONSE' || errorCode === 'REFUSED';
