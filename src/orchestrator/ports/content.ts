/** What the built-in agents publish. */
export type Content = { contentType: string; bytes: Uint8Array };

export type ContentStore = {
  /** Keeps bytes under their CID, or under another name, which then stands for the last of them. */
  put(cid: string, content: Content): Promise<void>;
  get(cid: string): Promise<Content | null>;
};
