import { PAGE_FILE } from './run-scripts.ts';

const LONGEST = 300;

/** What a page threw, while doing what, and at which of its lines. A thrown value may be hostile: reading it may throw. */
export function describeError(error: unknown, doing: string): { text: string; line?: number; kind: string } {
  const read = (name: string) => {
    try {
      const value: unknown =
        error instanceof Object || typeof error === 'object' ? Reflect.get(Object(error), name) : undefined;
      return typeof value === 'string' ? value : '';
    } catch {
      return '';
    }
  };
  const name = read('name') || 'Error';
  const message = (typeof error === 'string' ? error : read('message')).slice(0, LONGEST);
  const line = new RegExp(`${PAGE_FILE}:(\\d+)`).exec(read('stack'))?.[1];
  const text = `The page threw an error while ${doing}: ${name}: ${message || 'no message'}.`;
  // A loop throws the same in each round, perhaps with another number.
  const kind = `${line} ${name} ${message.replace(/\d+/g, '')}`;
  return line === undefined ? { text, kind } : { text, line: Number(line), kind };
}
