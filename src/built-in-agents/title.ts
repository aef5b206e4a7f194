const MAX_LENGTH = 120;

/**
 * Derives a title from a summary, a theme or a story: the text before its first dash, where the built-in agents put the
 * idea, else its first sentence. At most 120 characters, cut between words. Never empty.
 */
export function titleFrom(text: string): string {
  const line = text.slice(0, 5_000).toWellFormed().replace(/\s+/gu, ' ').trim();
  const beforeDash = /^(.+?) — /u.exec(line)?.[1];
  const sentence = /^.*?[.!?…。！？](?=["”’']?(?:\s|$))/u.exec(line)?.[0].replace(/[.。]$/u, '');
  const title = (beforeDash ?? sentence ?? line).trim();
  const characters = [...title];
  if (characters.length <= MAX_LENGTH) return capitalize(title === '' ? 'A haunted night' : title);
  const cut = characters.slice(0, MAX_LENGTH - 1).join('');
  return capitalize(`${cut.replace(/\s+\S*$/u, '')}…`);
}

/** Makes the first character upper case, in any script. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}
