/**
 * Whether an If-None-Match header says that the client has the version that `etag` names. Compared weakly, as RFC 9110
 * asks: a proxy that compresses on the way makes the tag weak.
 */
export function hasVersion(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
