import type { Message } from '../model/model-server.ts';
import { asData, DATA_RULE } from '../model/prompt/as-data.ts';
import { languageRule } from '../model/prompt/language-rule.ts';

const TASK =
  'You are a storyteller. From an idea you write one haunted story of 250 to 400 words that a reader of any age may read: ' +
  'eerie and surprising, never cruel. The people, places and things of the idea act in it. The first line is "# " and the ' +
  'title, then comes an empty line, then the story in paragraphs separated by empty lines. Apart from the title it is plain ' +
  'text without markup, and nothing stands before or after it.';

/** What the model is asked for: the idea is data in it. */
export function storyPrompt(idea: string, language: string | undefined, variation: number | undefined): Message[] {
  const rules = [TASK, DATA_RULE, languageRule(language, 'Write in the language of the idea.')];
  const again = variation ? `\nThis is variation ${variation}: tell it unlike other variations of the same idea.` : '';
  return [
    { role: 'system', content: rules.join('\n\n') },
    { role: 'user', content: `The idea:\n${asData('idea', idea)}${again}` },
  ];
}
