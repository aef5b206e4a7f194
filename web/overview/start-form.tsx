import { useRef, useState } from 'react';
import { useConnection } from '../api/connection-context.ts';
import { roomHref } from '../navigation/addresses.ts';
import { navigate } from '../navigation/route.ts';
import { randomKey } from '../room/use-actions.ts';
import { START } from './operations.ts';

export const EXAMPLES = [
  'a lighthouse that remembers drowned sailors',
  'a clock of rain',
  'the last train to a town that is not on any map',
];
const LONGEST = 10_000;

export function useStart() {
  const connection = useConnection();
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = async (idea: string) => {
    if (idea.trim() === '') return setProblem('Type an idea first, or click an example.');
    setStarting(true);
    setProblem(null);
    try {
      // If the answer is lost, the request is sent again: the key keeps it from starting a second workflow.
      const input = { userInput: idea, idempotencyKey: randomKey() };
      const { startWorkflow } = await connection.request(START, { input });
      navigate(roomHref(startWorkflow.room.id));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setStarting(false);
    }
  };
  return { start, isStarting, problem };
}

export function StartForm({ start, isStarting, problem }: ReturnType<typeof useStart>) {
  const field = useRef<HTMLInputElement>(null);
  const [idea, setIdea] = useState('');
  return (
    <form
      className="start"
      onSubmit={(event) => {
        event.preventDefault();
        void start(idea);
        if (idea.trim() === '') field.current?.focus();
      }}
    >
      <label htmlFor="idea">What is your idea?</label>
      <div className="start-row">
        <input
          ref={field}
          id="idea"
          name="idea"
          type="text"
          // biome-ignore lint/a11y/noAutofocus: typing an idea is what this page is for
          autoFocus
          autoComplete="off"
          maxLength={LONGEST}
          placeholder={EXAMPLES[0]}
          value={idea}
          aria-describedby={problem === null ? undefined : 'start-problem'}
          aria-invalid={problem !== null}
          onChange={(event) => setIdea(event.target.value)}
        />
        <button type="submit" className="primary" disabled={isStarting}>
          {isStarting ? 'Starting …' : 'Start'}
        </button>
      </div>
      {problem !== null && (
        <p id="start-problem" role="alert">
          {problem}
        </p>
      )}
      <p className="examples">
        <span className="muted">For example</span>
        {EXAMPLES.map((example) => (
          <button
            key={example}
            type="button"
            className="chip"
            onClick={() => {
              setIdea(example);
              field.current?.focus();
            }}
          >
            {example}
          </button>
        ))}
      </p>
    </form>
  );
}
