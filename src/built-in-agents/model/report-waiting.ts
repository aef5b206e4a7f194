import type { Tools } from '../define-agent.ts';

/** Says now and then how far the model is, so that a person sees why a step takes long. */
export function reportWaiting(
  report: Tools['report'],
  intervalMs: number,
): { heard(length: number): void; end(): void } {
  const startedAt = performance.now();
  let characters = 0;
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const line =
      characters === 0
        ? `The model has sent nothing for ${seconds} s`
        : `The model has written ${characters} characters in ${seconds} s`;
    // Nobody may be listening any more.
    report(line, { seconds, characters }).catch(() => undefined);
  }, intervalMs);
  return {
    heard(length) {
      characters += length;
    },
    end: () => clearInterval(timer),
  };
}
