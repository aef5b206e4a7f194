import { LANGUAGES, nativeName } from './languages.ts';

type Props = { id: string; initial?: string | null };

/** The field `language` of a form; empty: the agents choose. */
export function LanguageSelect({ id, initial = null }: Props) {
  const others = initial === null || LANGUAGES.some((tag) => tag === initial) ? [] : [initial];
  return (
    <span className="language">
      <label htmlFor={id}>Language</label>
      <select id={id} name="language" defaultValue={initial ?? ''}>
        <option value="">as in the idea</option>
        {[...LANGUAGES, ...others].map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nativeName(tag)}
          </option>
        ))}
      </select>
    </span>
  );
}
