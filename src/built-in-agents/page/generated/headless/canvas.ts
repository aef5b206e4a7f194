import type { Window } from 'happy-dom';

/** Methods of the 2D context that draw or set and give nothing back. */
const DRAWING =
  'save restore reset scale rotate translate transform setTransform resetTransform beginPath closePath moveTo lineTo bezierCurveTo quadraticCurveTo arcTo rect fill stroke clip fillRect strokeRect clearRect fillText strokeText setLineDash putImageData drawFocusIfNeeded scrollPathIntoView';
const PATH = 'addPath closePath moveTo lineTo bezierCurveTo quadraticCurveTo arcTo rect';
const LARGEST_READ = 4096 * 4096;

type Canvas = { width: number; height: number };
type Methods = Record<string, unknown>;

/** A canvas that draws nothing, but refuses what a browser refuses: a page should not fail here only for want of a canvas. */
export function canvasAdapter(window: Window) {
  const contexts = new WeakMap<object, Map<string, object>>();
  return {
    getContext({ canvas }: { canvas: Canvas }, type: string) {
      const kind = type === 'experimental-webgl' ? 'webgl' : type;
      if (!['2d', 'webgl', 'webgl2', 'bitmaprenderer'].includes(kind)) return null;
      const known = contexts.get(canvas) ?? new Map<string, object>();
      contexts.set(canvas, known);
      // A canvas keeps its first context.
      if (known.size > 0) return known.get(kind) ?? null;
      const context = kind === '2d' ? context2d(window, canvas) : anything({ canvas });
      known.set(kind, context);
      return context;
    },
    toDataURL: () => 'data:image/png;base64,iVBORw0KGgo=',
    toBlob: (_caller: unknown, callback: (blob: unknown) => void) =>
      callback(new window.Blob([], { type: 'image/png' })),
  };
}

export function path2d(window: Window) {
  return function Path2D(this: Methods) {
    Object.assign(this, nothings(PATH), curves(window));
  };
}

function context2d(window: Window, canvas: Canvas): Methods {
  const size = (width: number, height: number) => {
    if (!(Math.abs(width * height) >= 1)) fail(window, 'IndexSizeError', 'The image has no width or height.');
    const pixels = Math.min(Math.abs(Math.trunc(width) * Math.trunc(height)), LARGEST_READ);
    return { width, height, data: new Uint8ClampedArray(4 * pixels) };
  };
  const gradient =
    (name: string) =>
    (...numbers: number[]) => {
      if (!numbers.every(Number.isFinite))
        throw new window.TypeError(`${name}() was given a number that is not finite`);
      return {
        addColorStop: (offset: number, color: unknown) => {
          if (!(offset >= 0 && offset <= 1))
            fail(window, 'IndexSizeError', `addColorStop() was given the offset ${offset}`);
          if (/undefined|NaN|null/.test(String(color)))
            fail(window, 'SyntaxError', `addColorStop() was given the color ${String(color)}`);
        },
      };
    };
  return {
    canvas,
    fillStyle: '#000000',
    strokeStyle: '#000000',
    font: '10px sans-serif',
    lineWidth: 1,
    globalAlpha: 1,
    textAlign: 'start',
    textBaseline: 'alphabetic',
    ...nothings(DRAWING),
    ...curves(window),
    drawImage: (image: unknown) => {
      if (typeof image !== 'object' || image === null) throw new window.TypeError('drawImage() was given no image');
    },
    createLinearGradient: gradient('createLinearGradient'),
    createRadialGradient: gradient('createRadialGradient'),
    createConicGradient: gradient('createConicGradient'),
    createPattern: () => ({ setTransform: () => undefined }),
    createImageData: (width: number | Canvas, height: number) =>
      typeof width === 'object' ? size(width.width, width.height) : size(width, height),
    getImageData: (_x: number, _y: number, width: number, height: number) => size(width, height),
    measureText: (text: unknown) => {
      const width = String(text).length * 8;
      return {
        width,
        actualBoundingBoxLeft: 0,
        actualBoundingBoxRight: width,
        actualBoundingBoxAscent: 8,
        actualBoundingBoxDescent: 2,
        fontBoundingBoxAscent: 10,
        fontBoundingBoxDescent: 3,
      };
    },
    getLineDash: () => [],
    getTransform: () => ({
      a: 1,
      b: 0,
      c: 0,
      d: 1,
      e: 0,
      f: 0,
      invertSelf() {
        return this;
      },
      inverse() {
        return this;
      },
    }),
    getContextAttributes: () => ({ alpha: true }),
    isPointInPath: () => false,
    isPointInStroke: () => false,
    isContextLost: () => false,
  };
}

const nothings = (names: string): Methods =>
  Object.fromEntries(names.split(' ').map((name) => [name, () => undefined]));

/** The methods that refuse a negative radius, a frequent mistake in animations. */
function curves(window: Window): Methods {
  const positive = (name: string, ...radii: number[]) => {
    const negative = radii.find((radius) => radius < 0);
    if (negative !== undefined) fail(window, 'IndexSizeError', `${name}() was given the negative radius ${negative}`);
  };
  return {
    arc: (_x: number, _y: number, radius: number) => positive('arc', radius),
    ellipse: (_x: number, _y: number, radiusX: number, radiusY: number) => positive('ellipse', radiusX, radiusY),
    roundRect: () => undefined,
  };
}

function fail(window: Window, name: string, message: string): never {
  throw new window.DOMException(message, name);
}

/** An object that has every property, as a function that gives such an object back; numbers and texts of it are 0 and ''. */
export function anything(known: Methods = {}): object {
  const answer: object = new Proxy(() => undefined, {
    get: (_target, name) => {
      if (name === Symbol.toPrimitive) return (hint: string) => (hint === 'string' ? '' : 0);
      if (Object.hasOwn(known, name)) return known[String(name)];
      // Not a promise: awaiting it would never end.
      return name === 'then' || typeof name === 'symbol' ? undefined : answer;
    },
    set: (_target, name, value) => Reflect.set(known, name, value),
    apply: () => answer,
    construct: () => answer,
  });
  return answer;
}
