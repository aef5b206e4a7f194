import { pick, type Random } from '../../seeded-random.ts';
import { LANTERN } from './lantern.ts';
import { MAZE } from './maze.ts';
import { MEMORY } from './memory.ts';
import { QUIZ } from './quiz.ts';
import { SNAKE } from './snake.ts';

export type GameName = 'snake' | 'lantern' | 'maze' | 'memory' | 'quiz';

/** The source of each game: a function `play`, called for every new game. */
export const GAMES: Record<GameName, string> = {
  snake: SNAKE,
  lantern: LANTERN,
  maze: MAZE,
  memory: MEMORY,
  quiz: QUIZ,
};

/** Ideas that ask for a game, or are near to one. */
const SUITS: readonly [GameName, RegExp][] = [
  ['quiz', /\b(?:quiz|questions?|trivia)\b|\?$/i],
  ['snake', /\b(?:snakes?|serpents?|cobra|worms?|dragon|train|serpiente|schlange)\b/i],
  ['maze', /\b(?:maze|labyrinth|lost|city|castle|corridors?|halls?|hospital|door|forest|laberinto|labyrinthe)\b/i],
  ['memory', /\b(?:memory|remembers?|pairs?|two|cards?|twins?|letters|love)\b/i],
  ['lantern', /\b(?:lantern|hidden|hides?|search(?:es)?|seek|find|finds|lighthouse|dark|night|stolen)\b/i],
];

/** @param title what the page is about @param canAsk whether the story is long enough for a quiz */
export function chooseGame(title: string, canAsk: boolean, random: Random): GameName {
  const fitting = SUITS.filter(([name]) => canAsk || name !== 'quiz');
  const suited = fitting.find(([, words]) => words.test(title))?.[0];
  return suited ?? pick(random, fitting)[0];
}
