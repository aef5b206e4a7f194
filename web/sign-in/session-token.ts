/** The viewer's token, for as long as the tab is open. */
const KEY = 'hauntedai-token';

export const readToken = (): string | null => sessionStorage.getItem(KEY);

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

/** As people paste it: with quotes, with `Bearer`, with the header's name. */
export const cleanToken = (text: string): string =>
  text
    .trim()
    .replace(/^authorization\s*:\s*/i, '')
    .replace(/^bearer\s+/i, '')
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/\s+/g, '');

/** What can be seen to be wrong without asking the server; null: nothing. */
export function problemOf(token: string, nowMs: number): string | null {
  if (token === '') return 'Paste a token first.';
  const parts = token.split('.');
  if (parts.length !== 3) return 'This is not a JWT: it must have three parts, separated by dots.';
  const claims = claimsOf(parts[1] ?? '');
  if (claims === null) return 'This is not a JWT: its second part cannot be decoded.';
  const { exp, nbf } = claims;
  if (typeof exp === 'number' && exp * 1_000 <= nowMs) {
    return `This token expired on ${new Date(exp * 1_000).toLocaleString()}. Get a new one.`;
  }
  if (typeof nbf === 'number' && nbf * 1_000 > nowMs) {
    return `This token is not valid before ${new Date(nbf * 1_000).toLocaleString()}.`;
  }
  return null;
}

function claimsOf(part: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null ? { ...claims } : null;
  } catch {
    return null;
  }
}
