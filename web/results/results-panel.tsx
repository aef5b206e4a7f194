import type { WorkflowState } from '../room/operations.ts';
import { agentTitle, isFinal } from '../shared/words.ts';
import { DeployedPage } from './deployed-page.tsx';
import { SentInput } from './sent-input.tsx';
import { StepResult } from './step-result.tsx';
import type { ReadResults } from './use-results.ts';

/** What came out: the page first, then each step's result as what it is. */
export function ResultsPanel({ workflow, results }: { workflow: WorkflowState; results: ReadResults }) {
  const { byStep, isComplete, problem } = results;
  const { deployment } = workflow;
  const isOver = isFinal(workflow.status);
  const steps = workflow.steps.filter(({ agent, status }) => status === 'SUCCEEDED' && byStep.has(agent));
  return (
    <section className="results" aria-labelledby="results-title">
      <h2 id="results-title" className="sr-only">
        Results
      </h2>
      {problem !== null && <p role="alert">{`The results cannot be read at the moment: ${problem}`}</p>}
      {deployment !== null && <DeployedPage url={deployment.deploymentUrl} title={workflow.userInput} />}
      {deployment === null && steps.length === 0 && (
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
      {steps.map(({ agent }) => (
        <article key={agent} className="panel result" aria-label={`Result of ${agentTitle(agent)}`}>
          <StepResult step={agent} result={byStep.get(agent)} />
          <SentInput workflowId={workflow.id} step={agent} />
        </article>
      ))}
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
