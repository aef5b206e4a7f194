const MAX_LENGTH = 100;

/** A valid project name on Vercel: at most 100 of a-z, 0-9, `.`, `_` and `-`, without `---`. */
export function vercelProjectName(name: string): string {
  const valid = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .slice(0, MAX_LENGTH)
    .replaceAll(/^[-._]+|[-._]+$/g, '');
  return valid === '' ? 'hauntedai' : valid;
}
