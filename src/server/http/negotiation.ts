/**
 * Whether an If-None-Match header contains `etag`, so that the client has the current version. RFC 9110 requires a weak
 * comparison: a proxy that compresses the response makes its tag weak.
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** The encodings that an Accept-Encoding header accepts, in lower case; those with `q=0` are refused. */
export function acceptedEncodings(header: string | string[] | undefined): Set<string> {
  const accepted = new Set<string>();
  for (const part of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (name !== '' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return accepted;
}

/** Whether an Accept header accepts one of these media types, all of which are sent in UTF-8. */
export function acceptsAnyType(header: string | undefined, types: readonly string[]): boolean {
  const ranges = (header || '*/*').toLowerCase().split(',');
  return ranges.some((range) => {
    const [accepted = '', ...parameters] = range.split(';').map((part) => part.trim());
    const charset = parameters.find((parameter) => parameter.startsWith('charset='));
    if (charset !== undefined && charset !== 'charset=utf-8') return false;
    return accepted === '*/*' || types.some((type) => accepted === type || accepted === `${type.split('/')[0]}/*`);
  });
}
