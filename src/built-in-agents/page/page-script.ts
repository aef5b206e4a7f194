/**
 * The page's script: each click on the ghost or the button uncovers the next part. It runs in a sandbox without storage,
 * network and dialogs, and contains no text from users or agents.
 */
export const PAGE_SCRIPT = `
'use strict';
const parts = [...document.querySelectorAll('.part')];
const scene = document.querySelector('.scene');
const ghost = document.querySelector('.ghost');
const listen = document.querySelector('.listen');
const count = document.querySelector('.count');
const hint = document.querySelector('.hint');
const haunts = [[46, 34], [14, 46], [74, 40], [30, 18], [84, 22], [58, 52], [6, 24], [66, 12], [46, 34]];
let heard = 0;

function show() {
  const done = heard === parts.length;
  parts.forEach((part, index) => { part.hidden = index >= heard; });
  count.textContent = heard + ' of ' + parts.length + (parts.length === 1 ? ' whisper heard' : ' whispers heard');
  listen.textContent = done ? 'Let it rest, and begin again' : heard === 0 ? 'Listen' : 'Listen on';
  ghost.setAttribute('aria-label', done ? 'The ghost is at rest. Begin again' : 'Follow the ghost: hear the next part');
  hint.textContent = done ? 'The ghost has told you everything.' : heard === 0 ? 'Touch the ghost to hear what it remembers.' : 'It has moved. Follow it.';
  const [x, y] = haunts[heard % haunts.length];
  ghost.style.setProperty('--x', x + '%');
  ghost.style.setProperty('--y', y + '%');
  scene.classList.toggle('dark', heard > 0 && !done);
}

function next(event) {
  heard = heard === parts.length ? 0 : heard + 1;
  show();
  const part = parts[heard - 1];
  if (part && event.currentTarget === listen) part.scrollIntoView({ block: 'nearest' });
}

ghost.addEventListener('click', next);
listen.addEventListener('click', next);
for (const element of [ghost, hint, document.querySelector('.teller')]) element.hidden = false;
show();
`;
