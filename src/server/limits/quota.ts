/** Takes one of a key's places; null: all are taken. Calling the result gives it back. */
export type Quota = (key: string) => (() => void) | null;

/** @param places of each key; null: no end of them */
export function createQuota(places: number | null): Quota {
  const taken = new Map<string, number>();
  return (key) => {
    const before = taken.get(key) ?? 0;
    if (places !== null && before >= places) return null;
    taken.set(key, before + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (taken.get(key) ?? 1) - 1;
      if (left === 0) taken.delete(key);
      else taken.set(key, left);
    };
  };
}
