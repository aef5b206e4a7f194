import { useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { INPUTS } from '../room/operations.ts';
import { JsonTree } from '../shared/json-tree.tsx';

/** The body that a step's agent was sent; read when it is opened. */
export function SentInput({ workflowId, step }: { workflowId: string; step: string }) {
  const connection = useConnection();
  const [input, setInput] = useState<unknown>(undefined);
  const [problem, setProblem] = useState<string | null>(null);
  const read = async () => {
    try {
      const { workflow } = await connection.send(INPUTS, { workflowId });
      setInput(workflow?.steps.find(({ agent }) => agent === step)?.input);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <details
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) void read();
      }}
    >
      <summary>What it was sent</summary>
      {problem !== null && <p role="alert">{`It cannot be read: ${problem}`}</p>}
      {input !== undefined && <JsonTree value={input} />}
    </details>
  );
}
