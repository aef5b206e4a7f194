import { type Options, type Program, parse } from 'acorn';
import { type Problem, quote } from './problem.ts';
import { attributeOf, type Element } from './read-markup.ts';
import { scriptUse } from './script-use.ts';

export type InlineScript = { source: string; line: number; isModule: boolean };

export type Scripts = {
  inline: readonly InlineScript[];
  problems: readonly Problem[];
  /** Whether each script is in the page and compiles, so that starting the page shows something new. */
  canStart: boolean;
};

/** Compiles the scripts of a page, those in attributes included, and finds what they may not use. */
export function readScripts(elements: readonly Element[]): Scripts {
  const inline: InlineScript[] = [];
  const problems: Problem[] = [];
  let canStart = true;
  const check = (source: string, line: number, options: Partial<Options>, where: string) => {
    const program = compile(source, options);
    if ('error' in program) {
      canStart = false;
      problems.push({ line: line + program.line - 1, text: `${where} does not compile: ${program.error}.` });
      return;
    }
    if (program.tree.body.some(({ type }) => type === 'ImportDeclaration')) canStart = false;
    problems.push(...scriptUse(program.tree).map((use) => ({ ...use, line: line + (use.line ?? 1) - 1 })));
  };
  for (const element of elements) {
    for (const { name, value } of element.attributes) {
      if (!name.startsWith('on')) continue;
      check(value, element.line, { allowReturnOutsideFunction: true }, `${name}="${quote(value)}"`);
    }
    if (element.tag !== 'script') continue;
    const type = (attributeOf(element, 'type') ?? '').trim().toLowerCase();
    const isModule = type === 'module';
    if (!isModule && !/^(|(text|application)\/(x-)?(javascript|ecmascript))$/.test(type)) continue;
    if (attributeOf(element, 'src') !== undefined) {
      canStart = false;
      continue;
    }
    inline.push({ source: element.text, line: element.line, isModule });
    check(element.text, element.line, { sourceType: isModule ? 'module' : 'script' }, 'The script');
  }
  return { inline, problems, canStart };
}

function compile(source: string, options: Partial<Options>): { tree: Program } | { error: string; line: number } {
  try {
    return { tree: parse(source, { ecmaVersion: 'latest', locations: true, ...options }) };
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number } };
    return { error: message.replace(/ \(\d+:\d+\)$/, ''), line: loc?.line ?? 1 };
  }
}
