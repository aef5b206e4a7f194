import { PropertySymbol, type Window } from 'happy-dom';
import { isOutside } from '../find-loads.ts';
import { anything, path2d } from './canvas.ts';
import type { VirtualClock } from './virtual-clock.ts';

const SIZE = { width: 320, height: 240 };

type Sized = { width?: unknown; height?: unknown; tagName: string };

/** Gives a window what a browser has and happy-dom has not, and takes from it what the sandbox of published pages takes. */
export function addStandIns(window: Window, clock: VirtualClock, onOutside: (url: string) => void): void {
  const define = (target: object, values: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(values)) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  };
  const read = (target: object, name: string, get: (this: Sized) => unknown) =>
    Object.defineProperty(target, name, { get, configurable: true });
  const denied = (name: string) => () => {
    throw new window.DOMException(`${name} cannot be used in the sandbox of published pages`, 'SecurityError');
  };

  define(window, {
    setTimeout: clock.setTimeout,
    setInterval: clock.setInterval,
    setImmediate: undefined,
    clearTimeout: clock.clear,
    clearInterval: clock.clear,
    requestAnimationFrame: clock.requestAnimationFrame,
    cancelAnimationFrame: clock.clear,
    requestIdleCallback: (run: unknown) => clock.setTimeout(run, 1, { didTimeout: false, timeRemaining: () => 10 }),
    cancelIdleCallback: clock.clear,
    Buffer: undefined,
    Path2D: path2d(window),
    AudioContext: audio(),
    webkitAudioContext: audio(),
    OfflineAudioContext: audio(),
    speechSynthesis: anything({ getVoices: () => [], speaking: false }),
    SpeechSynthesisUtterance: class {},
    visualViewport: new window.EventTarget(),
    // The sandbox turns these off without an error.
    alert: () => undefined,
    confirm: () => false,
    prompt: () => null,
    print: () => undefined,
    open: () => null,
    // The Content-Security-Policy refuses every connection.
    fetch: async () => Promise.reject(new window.TypeError('Failed to fetch: published pages have no network')),
    WebSocket: undefined,
    XMLHttpRequest: undefined,
    EventSource: undefined,
  });
  define(window.performance, { now: clock.now });

  Object.defineProperty(window.document, 'cookie', { get: denied('document.cookie'), set: denied('document.cookie') });
  define(window.document, {
    fonts: anything({ ready: Promise.resolve(), load: async () => [], status: 'loaded', size: 0 }),
    exitFullscreen: async () => undefined,
    exitPointerLock: () => undefined,
  });
  define(window.navigator, { vibrate: () => true, getGamepads: () => [], serviceWorker: undefined });
  define(window.HTMLMediaElement.prototype, {
    play: async () => undefined,
    pause: () => undefined,
    load: () => undefined,
  });
  define(window.HTMLFormElement.prototype, { submit: () => undefined, requestSubmit: () => undefined });
  define(window.Element.prototype, {
    requestFullscreen: async () => undefined,
    requestPointerLock: async () => undefined,
    setPointerCapture: () => undefined,
    releasePointerCapture: () => undefined,
    hasPointerCapture: () => false,
    animate: () => anything({ finished: Promise.resolve(), currentTime: 0 }),
    getAnimations: () => [],
    getBoundingClientRect(this: Sized) {
      return new window.DOMRect(0, 0, widthOf(this), heightOf(this));
    },
  });
  // Without a layout everything would be 0 wide, and a game that divides by its width would fail only here.
  for (const owner of [window.Element.prototype, window.HTMLElement.prototype]) {
    for (const side of ['client', 'offset', 'scroll']) {
      read(owner, `${side}Width`, function () {
        return widthOf(this);
      });
      read(owner, `${side}Height`, function () {
        return heightOf(this);
      });
    }
  }
  loadImages(window, clock, onOutside);
}

const sideOf = (value: unknown, otherwise: number) => (typeof value === 'number' && value > 0 ? value : otherwise);
const widthOf = (element: Sized) => sideOf(element.tagName === 'CANVAS' && element.width, SIZE.width);
const heightOf = (element: Sized) => sideOf(element.tagName === 'CANVAS' && element.height, SIZE.height);

const audio = () =>
  function AudioContext() {
    const settled = async () => undefined;
    return anything({
      state: 'running',
      sampleRate: 44_100,
      currentTime: 0,
      resume: settled,
      suspend: settled,
      close: settled,
      decodeAudioData: settled,
    });
  };

/** An image that is part of the page loads, any other fails. */
function loadImages(window: Window, clock: VirtualClock, onOutside: (url: string) => void): void {
  const prototype = window.HTMLImageElement.prototype;
  const onSet = prototype[PropertySymbol.onSetAttribute];
  Object.defineProperty(prototype, PropertySymbol.onSetAttribute, {
    value(this: InstanceType<typeof window.HTMLImageElement>, ...values: Parameters<typeof onSet>) {
      onSet.apply(this, values);
      if (values[0].name !== 'src') return;
      const url = values[0].value ?? '';
      const isInPage = !isOutside(url);
      if (!isInPage) onOutside(url);
      this[PropertySymbol.naturalWidth] = isInPage ? SIZE.width : 0;
      this[PropertySymbol.naturalHeight] = isInPage ? SIZE.height : 0;
      clock.setTimeout(() => this.dispatchEvent(new window.Event(isInPage ? 'load' : 'error')));
    },
  });
}
