/** Things hidden in the dark picture, found with a lantern. */
export const LANTERN = `
function play({ board, things, imageOf, tell, finish, steer, every, goals }) {
  board.className = 'board dark';
  const picture = document.createElement('img');
  picture.src = document.querySelector('.scene img').src;
  picture.alt = '';
  board.append(picture);
  const hidden = things.slice(0, goals).map((thing, index) => {
    const mark = document.createElement('span');
    mark.className = 'hidden-thing';
    mark.append(imageOf(thing));
    const spot = [8 + ((index * 19 + Math.random() * 12) % 84), 14 + Math.random() * 68];
    mark.style.left = spot[0] + '%';
    mark.style.top = spot[1] + '%';
    board.append(mark);
    return { mark, spot, found: false };
  });
  const shade = document.createElement('div');
  shade.className = 'shade';
  board.append(shade);
  board.dataset.spots = JSON.stringify(hidden.map(({ spot }) => spot));
  let light = [50, 50];
  let seconds = 90;
  let found = 0;
  const shine = () => {
    shade.style.setProperty('--x', light[0] + '%');
    shade.style.setProperty('--y', light[1] + '%');
  };
  const take = () => {
    for (const one of hidden) {
      if (one.found || Math.hypot(one.spot[0] - light[0], (one.spot[1] - light[1]) * 0.56) > 7) continue;
      one.found = true;
      one.mark.classList.add('found');
      found += 1;
      tell(found, goals);
      if (found === goals) finish(true);
      return;
    }
  };
  const follow = (event) => {
    const box = board.getBoundingClientRect();
    light = [((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100];
    shine();
  };
  board.addEventListener('pointermove', follow);
  board.addEventListener('pointerdown', (event) => {
    follow(event);
    if (board.dataset.playing === 'true') take();
  });
  steer((dx, dy) => {
    light = [Math.min(100, Math.max(0, light[0] + dx * 4)), Math.min(100, Math.max(0, light[1] + dy * 6))];
    shine();
  }, take);
  shine();
  tell(0, goals);
  every(1000, () => {
    seconds -= 1;
    shade.style.setProperty('--r', 8 + seconds / 10 + '%');
    if (seconds === 0) finish(false);
  });
}`;
