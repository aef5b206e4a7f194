/** Pairs of things on twelve cards. */
export const MEMORY = `
function play({ board, things, imageOf, allowed, tell, finish, words }) {
  const deck = [...things.slice(0, 6), ...things.slice(0, 6)];
  for (let i = deck.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [deck[i], deck[j]] = [deck[j], deck[i]];
  }
  let open = [];
  let misses = 0;
  let found = 0;
  board.className = 'board cards';
  deck.forEach((thing, index) => {
    const card = document.createElement('button');
    card.type = 'button';
    card.className = 'card';
    card.dataset.thing = thing.name;
    card.setAttribute('aria-label', words.card + ' ' + (index + 1));
    card.addEventListener('click', () => {
      if (card.firstChild !== null || open.length === 2) return;
      card.append(imageOf(thing));
      card.setAttribute('aria-label', thing.name);
      open.push(card);
      if (open.length < 2) return;
      if (open[0].dataset.thing === open[1].dataset.thing) {
        open = [];
        found += 1;
        tell(found, 6);
        if (found === 6) finish(true);
        return;
      }
      misses += 1;
      const turned = open;
      if (misses > allowed) return finish(false);
      setTimeout(() => {
        for (const one of turned) {
          one.replaceChildren();
          one.setAttribute('aria-label', words.card);
        }
        open = [];
      }, 700);
    });
    board.append(card);
  });
  tell(0, 6);
}`;
