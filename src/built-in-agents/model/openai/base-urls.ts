/**
 * Where the API may begin, likeliest first. People copy base URLs with and without /v1, and with the path of the
 * endpoint: `http://localhost:11434` stands for `http://localhost:11434/v1`.
 */
export function baseUrls(configured: string): string[] {
  const url = new URL(configured);
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  const at = (suffix: string) => `${url.origin}${path}${suffix}`;
  if (/\/v\d+\w*$/.test(path)) return [at('')];
  return path === '' ? [at('/v1'), at('')] : [at(''), at('/v1')];
}
