/** The service with its default HOST and PORT. */
export const DEFAULT_URL = 'http://localhost:4000';

/** What a URL of the service must be, for messages. */
export const API_URL_FORM = 'must be a URL such as http://localhost:4000.';

/** With or without the path of the API; null for anything else. */
export function parseApiUrl(text: string): URL | null {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url?.pathname === '/') url.pathname = '/graphql';
  return url;
}
