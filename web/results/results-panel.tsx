import type { StepState, WorkflowState } from '../room/operations.ts';
import { agentTitle, isFinal } from '../shared/words.ts';
import { DeployedPage } from './deployed-page.tsx';
import { fieldsOf } from './fields-of.ts';
import { GrowingText } from './growing-text.tsx';
import { SentInput } from './sent-input.tsx';
import { StepResult } from './step-result.tsx';
import type { ReadResults, Results } from './use-results.ts';

type Props = { workflow: WorkflowState; results: ReadResults; isReplaying: boolean };

/** What came out: the page first, then each step's result as what it is, or the text that its agent is writing. */
export function ResultsPanel({ workflow, results, isReplaying }: Props) {
  const { byStep, isComplete, problem } = results;
  const { deployment } = workflow;
  const isOver = isFinal(workflow.status);
  const hasResult = ({ agent, status }: StepState) => status === 'SUCCEEDED' && byStep.has(agent);
  const isWritten = ({ startedAt }: StepState) => startedAt !== null && !isReplaying;
  const steps = workflow.steps.filter((step) => hasResult(step) || isWritten(step));
  return (
    <section className="results" aria-labelledby="results-title">
      <h2 id="results-title" className="sr-only">
        Results
      </h2>
      {problem !== null && <p role="alert">{`The results cannot be read at the moment: ${problem}`}</p>}
      {deployment !== null && (
        <DeployedPage url={deployment.deploymentUrl} copyUrl={copyOf(byStep)} title={workflow.userInput} />
      )}
      {deployment === null && !workflow.steps.some(hasResult) && (
        <div className="panel placeholder">
          <House />
          <p>
            {!isOver
              ? 'The story, the picture and the page appear here, as soon as each is finished.'
              : isComplete
                ? 'This run has no results.'
                : 'Reading the results …'}
          </p>
        </div>
      )}
      {steps.map((step) =>
        hasResult(step) ? (
          <article key={step.agent} className="panel result" aria-label={`Result of ${agentTitle(step.agent)}`}>
            <StepResult step={step.agent} result={byStep.get(step.agent)} />
            <SentInput workflowId={workflow.id} step={step.agent} />
          </article>
        ) : (
          <GrowingText key={step.agent} workflowId={workflow.id} step={step} />
        ),
      )}
    </section>
  );
}

function House() {
  return (
    <svg viewBox="0 0 120 80" className="house" aria-hidden="true">
      <path className="house-hill" d="M0 80V66c26-10 44-4 60-4s40-8 60 2v16Z" />
      <path className="house-wall" d="M34 66V34L60 14l26 20v32Z" />
      <path className="house-window lit" d="M44 38h9v10h-9Z" />
      <path className="house-window" d="M67 38h9v10h-9ZM44 53h9v10h-9Z" />
      <path className="house-window lit late" d="M67 53h9v10h-9Z" />
    </svg>
  );
}

/** The address here of a page that was deployed elsewhere too. */
const copyOf = (results: Results): unknown => fieldsOf(fieldsOf(results.get('DEPLOY'))['metadata'])['localUrl'];
