import { GAMES, type GameName } from './games/choose-game.ts';

/**
 * The page's script: the story is heard part by part, and one game is played. It runs in a sandbox without storage, network
 * and dialogs, and contains no text from users or agents: that stands in attributes of the markup.
 */
export const pageScript = (game: GameName | null): string =>
  game === null ? STORY : `${STORY}\n(() => {${GAMES[game]}\n${FRAME}})();\n`;

const STORY = `
'use strict';
const words = JSON.parse(document.body.dataset.words);
const parts = [...document.querySelectorAll('.part')];
const scene = document.querySelector('.scene');
const listen = document.querySelector('.listen');
const count = document.querySelector('.count');
const counted = (a, b) => words.count.replace('{a}', a).replace('{b}', b);
let heard = 0;

function show() {
  const done = heard === parts.length;
  parts.forEach((part, index) => { part.hidden = index >= heard; });
  count.textContent = counted(heard, parts.length);
  listen.textContent = done ? words.fromStart : heard === 0 ? words.listen : words.listenOn;
  scene.classList.toggle('dark', heard > 0 && !done);
}
listen.addEventListener('click', () => {
  heard = heard === parts.length ? 0 : heard + 1;
  show();
  const part = parts[heard - 1];
  if (part) part.scrollIntoView({ block: 'nearest' });
});
document.querySelector('.teller').hidden = false;
show();
`;

/** What all games share: the end, the new game, the keys and the buttons. */
const FRAME = `
const root = document.querySelector('#game');
const board = root.querySelector('.board');
const status = root.querySelector('.status');
const again = root.querySelector('.again');
const style = getComputedStyle(document.documentElement);
const colors = {};
for (const name of ['near', 'far', 'glow', 'moon', 'mist']) colors[name] = style.getPropertyValue('--' + name).trim();
const data = JSON.parse(root.dataset.game);
let timers = [];
let current = board;
let move = () => {};
let act = () => {};

function begin(fresh) {
  current = fresh;
  root.dataset.state = 'playing';
  fresh.dataset.playing = 'true';
  move = () => {};
  act = () => {};
  const isOver = () => fresh !== current || root.dataset.state !== 'playing';
  play({
    ...data,
    board: fresh,
    words,
    colors,
    imageOf: ({ name, image }) => Object.assign(new Image(), { src: image, alt: name, draggable: false }),
    tell: (a, b) => { status.textContent = counted(a, b); },
    finish: (won) => {
      if (isOver()) return;
      root.dataset.state = won ? 'won' : 'lost';
      fresh.dataset.playing = 'false';
      status.textContent = won ? words.won : words.lost;
      again.focus({ preventScroll: true });
    },
    steer: (onMove, onAct = () => {}) => {
      move = (dx, dy) => { if (!isOver()) onMove(dx, dy); };
      act = () => { if (!isOver()) onAct(); };
    },
    every: (ms, tick) => timers.push(setInterval(() => { if (!isOver()) tick(); }, ms)),
  });
}
function start() {
  for (const timer of timers) clearInterval(timer);
  timers = [];
  const fresh = document.createElement('div');
  fresh.className = 'board';
  current.replaceWith(fresh);
  begin(fresh);
}
const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
root.addEventListener('keydown', (event) => {
  const way = WAYS[event.key];
  if (way && root.querySelector('.pad')) {
    event.preventDefault();
    move(way[0], way[1]);
  } else if (event.key === 'Enter' && event.target === root) act();
});
for (const button of root.querySelectorAll('.pad button')) {
  button.addEventListener('click', () => move(...WAYS[button.dataset.way]));
}
again.addEventListener('click', () => {
  start();
  root.focus({ preventScroll: true });
});
root.hidden = false;
start();
`;
