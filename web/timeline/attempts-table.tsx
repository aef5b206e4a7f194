import type { WorkflowState } from '../room/operations.ts';
import { usageWords } from '../room/usage-words.ts';
import { duration, lineTime, utcTime } from '../shared/time.ts';
import { useTimeStyle } from '../shared/time-style.tsx';
import { agentTitle } from '../shared/words.ts';

/** The same as the lanes, in words. */
export function AttemptsTable({ workflow }: { workflow: WorkflowState }) {
  const times = useTimeStyle();
  const attempts = workflow.steps.flatMap((step) => step.attempts.map((attempt) => ({ step: step.agent, ...attempt })));
  if (attempts.length === 0) return null;
  const hasUsage = attempts.some(({ usage }) => usage !== null);
  return (
    <details className="attempts">
      <summary>{attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`} as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="scroll-x" tabIndex={0} aria-label="Attempts">
        <table>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Attempt</th>
              <th scope="col">Began</th>
              <th scope="col">Took</th>
              <th scope="col">Outcome</th>
              <th scope="col">HTTP</th>
              {hasUsage && <th scope="col">Used</th>}
            </tr>
          </thead>
          <tbody>
            {attempts.map((attempt) => (
              <tr key={`${attempt.step} ${attempt.number}`}>
                <th scope="row">{agentTitle(attempt.step)}</th>
                <td>{attempt.number}</td>
                <td title={utcTime(attempt.startedAt)}>
                  {lineTime(attempt.startedAt, Date.parse(workflow.createdAt), times)}
                </td>
                <td>{attempt.durationMs === null ? '–' : duration(attempt.durationMs)}</td>
                <td>{attempt.error ?? (attempt.finishedAt === null ? 'no answer yet' : 'succeeded')}</td>
                <td>{attempt.httpStatus ?? '–'}</td>
                {hasUsage && <td>{attempt.usage === null ? '–' : usageWords(attempt.usage)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
