/** Which word of the story is missing? */
export const QUIZ = `
function play({ board, questions, tell, finish }) {
  let at = 0;
  let right = 0;
  board.className = 'board quiz';
  (function ask() {
    board.textContent = '';
    const { text, options, answer } = questions[at];
    board.dataset.answer = answer;
    const line = document.createElement('p');
    line.textContent = text;
    line.dir = 'auto';
    board.append(line);
    for (const option of options) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'option';
      button.textContent = option;
      button.addEventListener('click', () => {
        if (board.dataset.playing !== 'true') return;
        if (option === answer) right += 1;
        at += 1;
        tell(right, questions.length);
        if (at === questions.length) finish(right >= Math.min(3, questions.length));
        else {
          ask();
          board.querySelector('button').focus();
        }
      });
      board.append(button);
    }
  })();
  tell(0, questions.length);
}`;
