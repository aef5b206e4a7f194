/** Longest document that is kept, in UTF-16 units; together with the number it bounds the memory. */
const MAX_LENGTH = 8_192;
const MAX_DOCUMENTS = 500;

/** Documents that were parsed, or could not be, the latest used: what applications send again and again is short. */
export function createDocumentCache<T>(maxDocuments = MAX_DOCUMENTS) {
  const kept = new Map<string, T>();
  return {
    get(text: string): T | undefined {
      const value = kept.get(text);
      if (value === undefined) return undefined;
      kept.delete(text);
      kept.set(text, value);
      return value;
    },
    set(text: string, value: T): void {
      if (text.length > MAX_LENGTH) return;
      kept.set(text, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= maxDocuments) break;
        kept.delete(oldest);
      }
    },
  };
}
