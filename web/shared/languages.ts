/** Languages that the built-in agents have words in. */
export const LANGUAGES = ['en', 'es', 'de', 'fr', 'ar', 'hi', 'ja', 'zh', 'pt'] as const;

/** A language's name as its speakers write it. */
export const nativeName = (tag: string): string => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
