/**
 * The part of AsyncDisposableStack that is needed here. The published package runs on Node.js 22, which does not have
 * it.
 */
export type Disposal = {
  /** Registers how to dispose of a value, and returns the value. */
  adopt<T>(value: T, onDispose: (value: T) => Promise<void> | void): T;
  defer(onDispose: () => Promise<void> | void): void;
  /** Disposes in reverse order, and continues after an error. */
  disposeAsync(): Promise<void>;
};

export function createDisposal(onError: (error: unknown) => void): Disposal {
  const stack: (() => Promise<void> | void)[] = [];
  return {
    adopt(value, onDispose) {
      stack.push(() => onDispose(value));
      return value;
    },
    defer(onDispose) {
      stack.push(onDispose);
    },
    async disposeAsync() {
      for (let dispose = stack.pop(); dispose !== undefined; dispose = stack.pop()) {
        try {
          await dispose();
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
