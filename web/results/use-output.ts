import { useEffect, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { createStore, useStore } from '../shared/store.ts';
import { type OutputTexts, openOutput } from './output-store.ts';

const EMPTY = createStore<OutputTexts>(new Map());

export function useOutput(workflowId: string, step: string): OutputTexts {
  const connection = useConnection();
  const [output, setOutput] = useState(EMPTY);
  useEffect(() => {
    const opened = openOutput(connection, workflowId, step);
    setOutput(opened);
    return () => {
      opened.close();
      setOutput(EMPTY);
    };
  }, [connection, workflowId, step]);
  return useStore(output);
}
