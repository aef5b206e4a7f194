import type { Element, Window } from 'happy-dom';

const CLICKABLE =
  'button, [onclick], [role="button"], summary, canvas, input, select, a[href^="#"], [tabindex], [data-index], .card, .cell, .tile, td, svg';
const MOST_CLICKS = 40;
const KEYS = [
  ['ArrowLeft', 'ArrowLeft', 37],
  ['ArrowRight', 'ArrowRight', 39],
  ['ArrowUp', 'ArrowUp', 38],
  ['ArrowDown', 'ArrowDown', 40],
  [' ', 'Space', 32],
  ['Enter', 'Enter', 13],
  ['w', 'KeyW', 87],
  ['a', 'KeyA', 65],
  ['s', 'KeyS', 83],
  ['d', 'KeyD', 68],
] as const;

/** Clicks what can be clicked. */
export function clickAround(window: Window): void {
  for (const element of [...window.document.querySelectorAll(CLICKABLE)].slice(0, MOST_CLICKS)) {
    if (!element.isConnected || element.hasAttribute('disabled') || element.closest('[hidden]') !== null) continue;
    point(window, element);
    if (element.tagName === 'INPUT' || element.tagName === 'SELECT') {
      for (const type of ['input', 'change']) element.dispatchEvent(new window.Event(type, { bubbles: true }));
    }
  }
}

function point(window: Window, element: Element): void {
  const { width, height } = element.getBoundingClientRect();
  const at = {
    bubbles: true,
    cancelable: true,
    clientX: width / 2,
    clientY: height / 2,
    button: 0,
    pointerId: 1,
    isPrimary: true,
  };
  const events = [
    new window.PointerEvent('pointerdown', at),
    new window.MouseEvent('mousedown', at),
    new window.PointerEvent('pointermove', at),
    new window.MouseEvent('mousemove', at),
    new window.PointerEvent('pointerup', at),
    new window.MouseEvent('mouseup', at),
    new window.MouseEvent('click', at),
  ];
  for (const event of events) element.dispatchEvent(event);
}

/** Presses the keys that games use. */
export function pressKeys(window: Window): void {
  for (const [key, code, keyCode] of KEYS) {
    for (const type of ['keydown', 'keyup']) {
      const event = new window.KeyboardEvent(type, { key, code, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'keyCode', { value: keyCode });
      Object.defineProperty(event, 'which', { value: keyCode });
      (window.document.activeElement ?? window.document.body).dispatchEvent(event);
    }
  }
}
