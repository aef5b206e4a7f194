/** Where a story takes place. Lists for the grammar; each entry fits wherever its name is used. */
export type Setting = {
  name: 'sea' | 'forest' | 'house' | 'city' | 'moor';
  /** Words of the user's that lead here. */
  signs: RegExp;
  town: string[];
  /** `when …` */
  weather: string[];
  /** Heard, with an article. */
  sound: string[];
  /** Seen, with an article. */
  light: string[];
  /** `at …` */
  spot: string[];
  /** Who lives there, without an article. */
  local: string[];
  /** What brings strangers: `the last …`. */
  ride: string[];
  /** Who is met, with an article. */
  figure: string[];
  /** What is left behind, with an article. */
  keepsake: string[];
};
