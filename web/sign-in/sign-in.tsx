import { useState } from 'react';
import { cleanToken, problemOf } from './session-token.ts';

/** Asks for a viewer token. @param refusal why the server did not accept the last one */
export function SignIn({ refusal, onToken }: { refusal: string | null; onToken(token: string): void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const shown = problem ?? refusal;
  return (
    <main className="sign-in narrow">
      <h1>Sign in</h1>
      <p className="muted">
        This service needs a token: the JWT that your application sends as <code>Authorization: Bearer …</code>. It
        stays in this tab and is forgotten when you close it.
      </p>
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault();
          const token = cleanToken(String(new FormData(event.currentTarget).get('token')));
          const found = problemOf(token, Date.now());
          setProblem(found);
          if (found === null) onToken(token);
        }}
      >
        <label htmlFor="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={shown !== null}
          aria-describedby={shown === null ? undefined : 'token-problem'}
          // biome-ignore lint/a11y/noAutofocus: there is nothing else to do here
          autoFocus
        />
        {shown !== null && (
          <p id="token-problem" role="alert">
            {shown}
          </p>
        )}
        <button type="submit" className="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
