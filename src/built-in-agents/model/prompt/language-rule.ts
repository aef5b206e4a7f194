const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** @param language a BCP 47 tag; anything else is left out, since it comes from a request */
export function languageRule(language: string | undefined, otherwise: string): string {
  if (language === undefined) return otherwise;
  try {
    const [tag = ''] = Intl.getCanonicalLocales(language);
    return `Write in ${names.of(tag)} (${tag}).`;
  } catch {
    return otherwise;
  }
}
