/** What the built-in agents publish, such as a page or an image. */
export type Content = { contentType: string; bytes: Uint8Array };

export type ContentStore = {
  /** Stores content under its CID, or under another name, which then refers to the latest content. */
  put(cid: string, content: Content): Promise<void>;
  get(cid: string): Promise<Content | null>;
};
