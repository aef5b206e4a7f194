import { expect, test } from 'vitest';
import { LANGUAGES as known } from '../../../src/built-in-agents/languages/language-of.ts';
import { LANGUAGES as offered } from '../../../web/shared/languages.ts';

test('the page offers the languages that the built-in agents have words in', () => {
  expect(offered).toEqual(known);
});
