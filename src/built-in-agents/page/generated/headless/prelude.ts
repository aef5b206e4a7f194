import vm from 'node:vm';
import type { Window } from 'happy-dom';

/** Instant at which a page's time begins. */
const BEGIN = 1_800_000_000_000;

/**
 * Runs in the page's context before its scripts. The same page gets the same verdict: dates and chance begin alike each time. What
 * the sandbox of published pages refuses throws here as well.
 */
const PRELUDE = `(now, denied) => {
  const Real = Date;
  let seed = 1;
  Math.random = () => {
    seed = (seed * 16807) % 2147483647;
    return (seed - 1) / 2147483646;
  };
  globalThis.Date = class Date extends Real {
    constructor(...values) {
      if (values.length === 0) super(now());
      else super(...values);
    }
    static now() {
      return now();
    }
  };
  for (const name of denied) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        throw new DOMException(name + ' cannot be used in the sandbox', 'SecurityError');
      },
    });
  }
}`;

const DENIED = ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'];

export function runPrelude(window: Window, now: () => number): void {
  vm.runInContext(PRELUDE, window)(() => BEGIN + now(), DENIED);
}
