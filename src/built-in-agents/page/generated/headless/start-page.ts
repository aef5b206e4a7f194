import { BrowserErrorCaptureEnum, Window } from 'happy-dom';
import { loadText } from '../find-loads.ts';
import type { InlineScript } from '../read-scripts.ts';
import type { Report } from '../report.ts';
import { canvasAdapter } from './canvas.ts';
import { describeError } from './describe-error.ts';
import { clickAround, pressKeys } from './play.ts';
import { runPrelude } from './prelude.ts';
import { runScripts } from './run-scripts.ts';
import { addStandIns } from './stand-ins.ts';
import { virtualClock } from './virtual-clock.ts';

const MOST_ERRORS = 10;
const SHOWN = 'canvas, svg, img, button, input';

/** Loads a page in a window that nobody sees, clicks it and presses keys, and says what it throws. */
export async function startPage(
  html: string,
  scripts: readonly InlineScript[],
  say: (report: Report) => void,
): Promise<void> {
  const known = new Set<string>();
  let doing = '';
  const at = (what: string, line?: number) => {
    doing = what;
    say({ doing, ...(line === undefined ? {} : { line }) });
  };
  const onError = (error: unknown, during = doing) => {
    const { kind, ...problem } = describeError(error, during);
    if (known.has(kind) || known.size >= MOST_ERRORS) return;
    known.add(kind);
    say({ problem });
  };
  process.on('uncaughtException', (error) => onError(error));
  process.on('unhandledRejection', (error) => onError(error, 'a promise was settled'));

  const window = openWindow();
  const clock = virtualClock((error) => onError(error));
  Object.assign(window.happyDOM.settings, { canvasAdapter: canvasAdapter(window) });
  addStandIns(window, clock, (url) => say({ problem: { text: loadText('img', url) } }));
  runPrelude(window, clock.now);
  const lines = new Map(scripts.map(({ source, line }) => [source, line]));
  const runModules = runScripts(
    window,
    lines,
    (line) => at('a script ran', line),
    (error) => onError(error),
  );
  window.addEventListener('error', (event) => {
    if (event instanceof window.ErrorEvent) onError(event.error ?? event.message);
  });

  at('it was loaded');
  window.document.write(html);
  runModules();
  at('its load events ran');
  window.document.dispatchEvent(new window.Event('readystatechange'));
  window.document.dispatchEvent(new window.Event('DOMContentLoaded', { bubbles: true }));
  window.dispatchEvent(new window.Event('load'));
  at('its first timers and animation frames ran');
  await clock.advance(500, 1_000);
  for (const again of ['', ' again']) {
    at(`it was clicked${again}`);
    clickAround(window);
    await clock.advance(200, 500);
    at(`keys were pressed${again}`);
    pressKeys(window);
    at(`its timers and animation frames ran after clicks and keys${again}`);
    await clock.advance(3_000, 1_000);
  }
  const { body } = window.document;
  if (body.textContent.trim() === '' && body.querySelector(SHOWN) === null) {
    say({ problem: { text: 'The page shows nothing after it was loaded.' } });
  }
}

function openWindow(): Window {
  return new Window({
    url: 'https://page.invalid/',
    width: 1024,
    height: 768,
    settings: {
      enableJavaScriptEvaluation: true,
      suppressInsecureJavaScriptEnvironmentWarning: true,
      disableJavaScriptFileLoading: true,
      disableCSSFileLoading: true,
      disableIframePageLoading: true,
      handleDisabledFileLoadingAsSuccess: true,
      errorCapture: BrowserErrorCaptureEnum.tryAndCatch,
      navigation: {
        disableMainFrameNavigation: true,
        disableChildFrameNavigation: true,
        disableChildPageNavigation: true,
        disableFallbackToSetURL: true,
      },
    },
  });
}
