import type { Message } from '../model/model-server.ts';
import { asData, DATA_RULE } from '../model/prompt/as-data.ts';
import { languageRule } from '../model/prompt/language-rule.ts';

/** Stands for the picture's URL in the page that a model writes: the picture is too large for a prompt. */
const PICTURE = 'PICTURE_URL';
const USE = new RegExp(`(["'(])${PICTURE}(["')])`, 'g');

/** The same letters in the text of the page do not count. */
function countPictures(html: string): number {
  return html.match(USE)?.length ?? 0;
}

/** Puts the picture in. @param url contains no quotation marks and no parentheses */
export function withPicture(html: string, url: string): string {
  return html.replace(USE, `$1${url}$2`);
}

const TASK =
  'You write a web page in one HTML file that tells a haunted story and lets the visitor play a small game made from it: a ' +
  'goal that the story gives, an end, and a button for a new game. It is played by keyboard and by touch, in a window of ' +
  '320 to 2560 pixels. The whole story is on the page as text.';

const RULES = [
  'The file begins with <!doctype html> and is complete: every element is closed.',
  `It shows the picture once, with <img src="${PICTURE}" alt="…">: write ${PICTURE} exactly so, it is replaced by a data: URL.`,
  'Styles stand in <style>, scripts in <script>. Nothing is loaded from outside: no URL, font, import, fetch or library.',
  'The page runs in a sandbox: no cookies, no localStorage, no alert, no forms that are sent, no links to other pages.',
  'Scripts start without an error, also if the visitor does nothing.',
  'Answer with the HTML file and nothing else.',
];

type Request = {
  story: string;
  imageTheme: string;
  language?: string | undefined;
  variation?: number | undefined;
};

export function pagePrompt({ story, imageTheme, language, variation }: Request): Message[] {
  const system = [
    TASK,
    RULES.map((rule) => `- ${rule}`).join('\n'),
    DATA_RULE,
    languageRule(language, 'Write in the language of the story.'),
  ];
  const again = variation ? `\nThis is variation ${variation}: choose another game than other variations.` : '';
  const user = `The story:\n${asData('story', story)}\nWhat the picture shows:\n${asData('picture', imageTheme)}${again}`;
  return [
    { role: 'system', content: system.join('\n\n') },
    { role: 'user', content: user },
  ];
}

/** What is wrong with how a page uses the picture; null if nothing is. */
export function pictureProblem(html: string): string | null {
  const count = countPictures(html);
  if (count === 1) return null;
  return `The page uses the picture ${count} times: show it once, with <img src="${PICTURE}">, and read its URL from there.`;
}

/** Sends the page back with what is wrong with it. */
export function repairPrompt(messages: readonly Message[], answer: string, problems: readonly string[]): Message[] {
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  const demand = `The page was checked, and these problems were found:\n${list}\nAnswer with the whole corrected HTML file and nothing else.`;
  return [...messages.slice(0, 2), { role: 'assistant', content: answer }, { role: 'user', content: demand }];
}
