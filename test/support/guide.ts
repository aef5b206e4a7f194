import { readFileSync } from 'node:fs';

/** The fenced code blocks of a language in a guide, in order. */
export function blocksOf(guide: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/guides/${guide}`, import.meta.url), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, block = '']) => block);
}

/** The arguments of each `npx hauntedai-orchestrator …` in a guide's block. Quotes are those of a shell. */
export function commandsIn(block: string): string[][] {
  return block
    .split('\n')
    .filter((line) => line.startsWith('npx hauntedai-orchestrator'))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare).slice(2));
}
