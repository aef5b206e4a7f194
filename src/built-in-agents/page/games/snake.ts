/** A snake that eats the things of the picture. */
export const SNAKE = `
function play({ board, things, imageOf, tell, finish, steer, every, colors }) {
  const SIZE = 15;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * 32;
  board.className = 'board';
  board.append(canvas);
  const pen = canvas.getContext('2d');
  const foods = things.map(imageOf);
  let snake = [[7, 7], [6, 7], [5, 7]];
  let heading = [1, 0];
  let next = null;
  let eaten = 0;
  let food;
  const on = ([x, y]) => snake.some(([a, b]) => a === x && b === y);
  function serve() {
    do food = [Math.floor(Math.random() * SIZE), Math.floor(Math.random() * SIZE)]; while (on(food));
  }
  function draw() {
    pen.fillStyle = colors.near;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    snake.forEach(([x, y], index) => {
      pen.fillStyle = index === 0 ? colors.glow : colors.mist;
      pen.beginPath();
      pen.arc(x * 32 + 16, y * 32 + 16, index === 0 ? 15 : 13 - Math.min(6, index / 3), 0, 7);
      pen.fill();
    });
    const image = foods[eaten % foods.length];
    if (image.complete) pen.drawImage(image, food[0] * 32 + 1, food[1] * 32 + 1, 30, 30);
    else image.onload = draw;
    board.dataset.head = snake[0].join();
    board.dataset.food = food.join();
  }
  serve();
  draw();
  tell(0, 8);
  steer((dx, dy) => {
    if (snake[0][0] + dx !== snake[1][0] || snake[0][1] + dy !== snake[1][1]) next = [dx, dy];
  });
  every(180, () => {
    if (next === null) return;
    heading = next;
    const head = [snake[0][0] + heading[0], snake[0][1] + heading[1]];
    if (head[0] < 0 || head[1] < 0 || head[0] >= SIZE || head[1] >= SIZE || on(head)) return finish(false);
    snake.unshift(head);
    if (head[0] === food[0] && head[1] === food[1]) {
      eaten += 1;
      tell(eaten, 8);
      if (eaten === 8) return finish(true);
      serve();
    } else snake.pop();
    draw();
  });
}`;
