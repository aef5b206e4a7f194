/** A maze with a candle that burns down with every step. */
export const MAZE = `
function play({ board, things, imageOf, tell, finish, steer, colors }) {
  const SIZE = 15;
  const cell = 32;
  const open = new Set(['1,1']);
  (function dig(x, y) {
    const ways = [[2, 0], [-2, 0], [0, 2], [0, -2]].sort(() => Math.random() - 0.5);
    for (const [dx, dy] of ways) {
      const to = [x + dx, y + dy];
      if (to[0] < 1 || to[1] < 1 || to[0] > SIZE - 2 || to[1] > SIZE - 2 || open.has(to.join())) continue;
      open.add([x + dx / 2, y + dy / 2].join());
      open.add(to.join());
      dig(to[0], to[1]);
    }
  })(1, 1);
  const goal = [SIZE - 2, SIZE - 2];
  const reached = new Map([['1,1', 0]]);
  const queue = [[1, 1]];
  for (const [x, y] of queue) {
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      const key = [x + dx, y + dy].join();
      if (!open.has(key) || reached.has(key)) continue;
      reached.set(key, reached.get([x, y].join()) + 1);
      queue.push([x + dx, y + dy]);
    }
  }
  const candle = reached.get(goal.join()) * 2 + 12;
  let burnt = 0;
  let me = [1, 1];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * cell;
  board.className = 'board';
  board.append(canvas);
  board.dataset.open = [...open].join(' ');
  const pen = canvas.getContext('2d');
  const hero = imageOf(things[0]);
  hero.onload = () => draw();
  function draw() {
    for (let x = 0; x < SIZE; x += 1) {
      for (let y = 0; y < SIZE; y += 1) {
        pen.fillStyle = open.has([x, y].join()) ? colors.far : colors.near;
        pen.fillRect(x * cell, y * cell, cell, cell);
      }
    }
    pen.fillStyle = colors.glow;
    pen.beginPath();
    pen.arc(goal[0] * cell + cell / 2, goal[1] * cell + cell / 2, 12, 0, 7);
    pen.fill();
    if (hero.complete) pen.drawImage(hero, me[0] * cell + 1, me[1] * cell + 1, cell - 2, cell - 2);
    board.dataset.me = me.join();
    board.dataset.goal = goal.join();
    tell(candle - burnt, candle);
  }
  draw();
  steer((dx, dy) => {
    const to = [me[0] + dx, me[1] + dy];
    if (!open.has(to.join())) return;
    me = to;
    burnt += 1;
    draw();
    if (to.join() === goal.join()) finish(true);
    else if (burnt >= candle) finish(false);
  });
}`;
