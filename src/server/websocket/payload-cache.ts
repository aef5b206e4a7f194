import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';

/**
 * The part of an event's `next` message that is the same for every subscription that shares it: the payload as JSON in
 * UTF-8, and the brace that ends the message.
 */
export type PayloadOf = (event: object) => Buffer | Promise<Buffer>;

/**
 * Executes and serializes a subscription's selection once per event, for as long as the event is in memory.
 * @param args of any subscription that shares the payloads
 * @param format turns a result into what clients may see
 */
export function createPayloadCache(args: ExecutionArgs, format: (result: ExecutionResult) => unknown): PayloadOf {
  const payloads = new WeakMap<object, Buffer | Promise<Buffer>>();
  const serialize = (result: ExecutionResult) => Buffer.from(`${JSON.stringify(format(result))}}`);

  function createPayload(event: object): Buffer | Promise<Buffer> {
    const result = execute({ ...args, rootValue: event });
    if (!('then' in result)) return serialize(result);
    return result.then((settled) => {
      const payload = serialize(settled);
      // From now on the payload is available without waiting.
      payloads.set(event, payload);
      return payload;
    });
  }

  return (event) => {
    const cached = payloads.get(event);
    if (cached !== undefined) return cached;
    const payload = createPayload(event);
    payloads.set(event, payload);
    return payload;
  };
}
