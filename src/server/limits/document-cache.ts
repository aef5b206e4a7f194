import { LRUCache } from 'lru-cache';

/** The longest document that is kept, in UTF-16 code units. Both limits together bound the memory. */
const MAX_LENGTH = 8_192;
const MAX_DOCUMENTS = 500;

/** Keeps the most recently used parsed documents, or parse errors. Applications repeat the same short documents. */
export const createDocumentCache = <T extends object>(maxDocuments = MAX_DOCUMENTS): LRUCache<string, T> =>
  new LRUCache({
    max: maxDocuments,
    maxEntrySize: MAX_LENGTH,
    // A size must be positive, and a document may be empty.
    sizeCalculation: (_document, text) => Math.max(text.length, 1),
  });
