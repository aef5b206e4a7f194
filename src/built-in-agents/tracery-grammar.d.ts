declare module 'tracery-grammar' {
  type Grammar = {
    /** `shuffle`: a symbol's rules are all used once before any comes again. */
    distribution?: 'shuffle';
    addModifiers(modifiers: Record<string, (text: string, parameters: string[]) => string>): void;
    flatten(rule: string): string;
  };
  const tracery: {
    createGrammar(rules: Record<string, string | string[]>): Grammar;
    /** For every grammar of the process. */
    setRng(random: () => number): void;
    baseEngModifiers: Record<string, (text: string, parameters: string[]) => string>;
  };
  export = tracery;
}
