declare module 'tracery-grammar' {
  type Grammar = {
    /** `shuffle`: all rules of a symbol are used before one is repeated. */
    distribution?: 'shuffle';
    addModifiers(modifiers: Record<string, (text: string, parameters: string[]) => string>): void;
    flatten(rule: string): string;
  };
  const tracery: {
    createGrammar(rules: Record<string, string | string[]>): Grammar;
    /** Applies to every grammar of the process. */
    setRng(random: () => number): void;
    baseEngModifiers: Record<string, (text: string, parameters: string[]) => string>;
  };
  export = tracery;
}
