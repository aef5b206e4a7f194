import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { RESULTS, type WorkflowState } from '../room/operations.ts';

/** What the steps answered, by step. */
export type Results = ReadonlyMap<string, unknown>;
export type ReadResults = {
  byStep: Results;
  /** Whether all results up to now are in `byStep`. */
  isComplete: boolean;
  /** Why they could not be read; it is tried again. */
  problem: string | null;
};

const NONE: ReadResults = { byStep: new Map(), isComplete: false, problem: null };
const REPEAT_MS = 3_000;

/** The results of a workflow's steps, read again whenever another step has succeeded. */
export function useResults({ id: workflowId, steps }: WorkflowState): ReadResults {
  const connection = useConnection();
  const [read, setRead] = useState(NONE);
  const succeeded = steps.filter(({ status }) => status === 'SUCCEEDED').length;
  useEffect(() => {
    if (succeeded === 0) return setRead({ ...NONE, isComplete: true });
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setRead((before) => ({ ...before, isComplete: false }));
    const readAll = async () => {
      try {
        const { workflow } = await connection.request(RESULTS, { workflowId });
        const known = (workflow?.steps ?? []).filter(({ result }) => result !== null);
        const byStep = new Map(known.map(({ agent, result }) => [agent, result]));
        if (isCurrent) setRead({ byStep, isComplete: true, problem: null });
      } catch (error) {
        if (!isCurrent) return;
        setRead((before) => ({ ...before, problem: error instanceof Error ? error.message : String(error) }));
        timer = setTimeout(readAll, REPEAT_MS);
      }
    };
    void readAll();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [connection, workflowId, succeeded]);
  return read;
}
