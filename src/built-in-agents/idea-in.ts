import { capitalized } from './story/tell-story.ts';

const MAX_LENGTH = 120;

/**
 * What a summary, a theme or a story is about, as a title: what stands before its dash (the built-in agents' own put
 * one there), else its first sentence; cut to 120 characters at a word's end. Never empty.
 */
export function ideaIn(text: string): string {
  const line = text.slice(0, 5_000).toWellFormed().replace(/\s+/gu, ' ').trim();
  const beforeDash = /^(.+?) — /u.exec(line)?.[1];
  const sentence = /^.*?[.!?…。！？](?=["”’']?(?:\s|$))/u.exec(line)?.[0].replace(/[.。]$/u, '');
  const idea = (beforeDash ?? sentence ?? line).trim();
  const characters = [...idea];
  if (characters.length <= MAX_LENGTH) return capitalized(idea === '' ? 'A haunted night' : idea);
  const cut = characters.slice(0, MAX_LENGTH - 1).join('');
  return capitalized(`${cut.replace(/\s+\S*$/u, '')}…`);
}
