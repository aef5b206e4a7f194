const MAX_LENGTH = 80;

/** The title of a room that is created for a user input: its beginning, cut between words if possible. */
export function roomTitle(userInput: string): string {
  const text = userInput.replaceAll(/\s+/g, ' ').trim();
  const characters = [...text];
  if (characters.length <= MAX_LENGTH) return text;
  const beginning = characters.slice(0, MAX_LENGTH - 1).join('');
  const lastSpace = beginning.lastIndexOf(' ');
  // Some scripts have no spaces, and a URL has none either.
  const isNearEnd = lastSpace > beginning.length / 2;
  return `${isNearEnd ? beginning.slice(0, lastSpace) : beginning}…`;
}
