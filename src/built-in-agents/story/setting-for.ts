import type { Setting } from './setting.ts';
import { CITY, HOUSE } from './settings-indoors.ts';
import { FOREST, MOOR, SEA } from './settings-outdoors.ts';

const SETTINGS = [SEA, FOREST, CITY, HOUSE] as const;

/** The setting whose words come up most often in the text; the moor when none does. */
export function settingFor(text: string): Setting {
  const hits = (setting: Setting) => [...text.matchAll(new RegExp(setting.signs, 'gi'))].length;
  let best: Setting = MOOR;
  let most = 0;
  for (const setting of SETTINGS) {
    const found = hits(setting);
    if (found > most) [best, most] = [setting, found];
  }
  return best;
}
