import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { RESULTS, type WorkflowState } from '../room/operations.ts';

export type Results = ReadonlyMap<string, unknown>;

const NONE: Results = new Map();

/** The results of a workflow's steps, read again whenever another step has succeeded. */
export function useResults(workflow: WorkflowState | null): Results {
  const connection = useConnection();
  const [results, setResults] = useState<{ of: string | undefined; byStep: Results }>({ of: undefined, byStep: NONE });
  const workflowId = workflow?.id;
  const succeeded = workflow?.steps.filter(({ status }) => status === 'SUCCEEDED').length ?? 0;
  useEffect(() => {
    if (workflowId === undefined || succeeded === 0) return;
    let isCurrent = true;
    connection.request(RESULTS, { workflowId }).then(
      ({ workflow: read }) => {
        const known = (read?.steps ?? []).filter(({ result }) => result !== null);
        if (isCurrent)
          setResults({ of: workflowId, byStep: new Map(known.map(({ agent, result }) => [agent, result])) });
      },
      () => {}, // the steps and the log are shown nevertheless
    );
    return () => {
      isCurrent = false;
    };
  }, [connection, workflowId, succeeded]);
  return results.of === workflowId ? results.byStep : NONE;
}
