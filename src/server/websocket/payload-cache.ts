import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';

/** What is the same for all in an event's `next` message: the payload, as JSON in UTF-8, and the message's end. */
export type EventText = (event: object) => Buffer | Promise<Buffer>;

/**
 * Executes a subscription's selection for an event, once for all who ask while the event lives.
 * @param args of any one of those who share it.
 * @param format what may be sent of a result.
 */
export function createEventText(args: ExecutionArgs, format: (result: ExecutionResult) => unknown): EventText {
  const texts = new WeakMap<object, Buffer | Promise<Buffer>>();
  const write = (result: ExecutionResult) => Buffer.from(`${JSON.stringify(format(result))}}`);

  function make(event: object): Buffer | Promise<Buffer> {
    const result = execute({ ...args, rootValue: event });
    if (!('then' in result)) return write(result);
    return result.then((settled) => {
      const text = write(settled);
      texts.set(event, text);
      return text;
    });
  }

  return (event) => {
    const known = texts.get(event);
    if (known !== undefined) return known;
    const text = make(event);
    texts.set(event, text);
    return text;
  };
}
