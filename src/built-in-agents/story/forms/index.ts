import { BARGAIN } from './bargain.ts';
import { BEDTIME } from './bedtime.ts';
import type { Form } from './form.ts';
import { INVENTORY } from './inventory.ts';
import { LETTER } from './letter.ts';
import { NIGHT_WATCH } from './night-watch.ts';
import { RADIO } from './radio.ts';
import { THREE_RULES } from './three-rules.ts';
import { WITNESSES } from './witnesses.ts';

export const FORMS: readonly Form[] = [LETTER, NIGHT_WATCH, THREE_RULES, INVENTORY, WITNESSES, BARGAIN, RADIO, BEDTIME];
