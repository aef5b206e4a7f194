/** The folder that the page is served from, with a slash at its end. A proxy may have added a prefix. */
export const ROOT = new URL('./', document.baseURI);

export const apiUrl = (): string => {
  const url = new URL('graphql', ROOT);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
};

export const overviewHref = (): string => ROOT.href;

/**
 * The address of a room; it keeps the token of a shared link.
 * @param workflowId the run to show; undefined: the latest
 * @param seq the line of the log to open it at
 */
export function roomHref(roomId: string, workflowId?: string, seq?: number): string {
  const url = new URL(`rooms/${roomId}`, ROOT);
  if (workflowId !== undefined) url.searchParams.set('workflow', workflowId);
  const token = tokenInHash();
  url.hash = new URLSearchParams({
    ...(token !== null && { token }),
    ...(seq !== undefined && { seq: String(seq) }),
  }).toString();
  return url.href;
}

/** The token of a shared link. It stands after the #, so that no request carries it. */
export const tokenInHash = (): string | null => hashParameter('token');

/** The number of the line at which the address opens the room, as it stands there; null: it names none. */
export const seqTextInHash = (): string | null => hashParameter('seq');

/** The line at which the address opens the room; null: none. */
export function seqInHash(): number | null {
  const seq = Number(seqTextInHash() ?? Number.NaN);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : null;
}

const hashParameter = (name: string): string | null => new URLSearchParams(location.hash.slice(1)).get(name);

/** GraphiQL with the room's ids filled in. They stand after the `#`, so no request's address has them. */
export function graphiqlHref(roomId: string, workflowId?: string): string {
  const url = new URL('graphql', ROOT);
  url.hash = String(new URLSearchParams({ room: roomId, ...(workflowId !== undefined && { workflow: workflowId }) }));
  return url.href;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where this origin serves what an agent published at `url`; null if it is published elsewhere. The service may know
 * itself by another loopback name than the browser.
 */
export function publishedHere(url: unknown): string | null {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  const [, cid] = /\/deployments\/([a-zA-Z0-9]+)\/$/.exec(parsed?.pathname ?? '') ?? [];
  if (parsed === null || cid === undefined) return null;
  const isLoopback = LOOPBACK.has(parsed.hostname) && LOOPBACK.has(ROOT.hostname);
  return parsed.origin === ROOT.origin || isLoopback ? new URL(`deployments/${cid}/`, ROOT).href : null;
}

/** A link that a person may follow; null for `javascript:` and the like. */
export function webAddress(url: unknown): string | null {
  const parsed = typeof url === 'string' ? URL.parse(url) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed.href : null;
}
