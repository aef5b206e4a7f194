import vm from 'node:vm';
import { PropertySymbol, type Window } from 'happy-dom';

/** The name of the page in stack traces. */
export const PAGE_FILE = 'page.html';

/**
 * Runs inline scripts where the parser meets them, in the page's own context. happy-dom wraps each script in a function, so that
 * what one script declares would be unknown to the next one and to attributes like onclick.
 * Returns a function that runs the modules, for when the page is parsed.
 * @param lines of the page at which the scripts begin, by their text
 */
export function runScripts(
  window: Window,
  lines: ReadonlyMap<string, number>,
  onStart: (line: number | undefined) => void,
  onError: (error: unknown) => void,
): () => void {
  const prototype = window.HTMLScriptElement.prototype;
  const later: (() => void)[] = [];
  const done = new WeakSet<object>();
  const run = (source: string, asModule: boolean) => {
    const line = lines.get(source);
    onStart(line);
    try {
      // A module without imports: its own scope, strict, and await at its top.
      const code = asModule ? `(async () => { 'use strict'; ${source}\n})()` : source;
      const script = new vm.Script(code, { filename: PAGE_FILE, lineOffset: (line ?? 1) - 1 });
      // A module's promise that rejects is noticed by the process.
      script.runInContext(window);
    } catch (error) {
      onError(error);
    }
  };
  const connected = window.HTMLElement.prototype[PropertySymbol.connectedToDocument];
  Object.defineProperty(prototype, PropertySymbol.connectedToDocument, {
    value(this: InstanceType<typeof window.HTMLScriptElement>) {
      connected.call(this);
      const type = (this.getAttribute('type') ?? '').trim().toLowerCase();
      const isModule = type === 'module';
      if (done.has(this) || this[PropertySymbol.disableEvaluation] || this.hasAttribute('src')) return;
      if (!isModule && !/^(|(text|application)\/(x-)?(javascript|ecmascript))$/.test(type)) return;
      const source = this.textContent;
      if (source.trim() === '') return;
      done.add(this);
      if (isModule) later.push(() => run(source, true));
      else run(source, false);
    },
  });
  return () => {
    for (const next of later.splice(0)) next();
  };
}
