import { createLogLines } from './log-lines.ts';
import { type Panes, type Shown, setLanguage } from './panes.ts';
import { describeFailure, type Events, type Result } from './transport.ts';

/** A burst of lines is one change of the pane. */
const FLUSH_MS = 100;
/** GraphiQL keeps the text for when the tab is opened again. */
const KEEP_MS = 1_000;
const NEAR_BOTTOM_PX = 40;

/** Stands in the pane until the first line arrives. */
const WAITING: Result = { data: { log: 'Subscribed. Lines appear here as they are written.' } };

/**
 * Shows the events of a log below each other in the response pane, which follows the newest unless it was scrolled up.
 * GraphiQL itself would show the latest event only, so it receives none: it learns when the subscription ends.
 */
export function openLogView(panes: Panes, events: Events): Events {
  const { shown } = panes;
  const lines = createLogLines();
  let started = false;
  let ended = false;
  let isEmpty = true;
  let keptMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    if (shown === null || ended) return;
    // GraphiQL lets subscriptions go on when a tab is added.
    if (panes.shown?.activeTabId !== shown.activeTabId) return void iterator.return?.();
    const taken = lines.take();
    if (taken === null) return;
    append(shown, taken, isEmpty);
    isEmpty = false;
    if (Date.now() - keptMs > KEEP_MS) keep(shown);
  };
  const keep = ({ actions, responseEditor }: Shown) => {
    keptMs = Date.now();
    actions.updateActiveTabValues({ response: responseEditor.getValue() });
  };
  const end = () => {
    if (ended) return;
    clearTimeout(timer);
    flush();
    ended = true;
    if (shown !== null && !isEmpty && panes.shown?.activeTabId === shown.activeTabId) keep(shown);
  };

  const iterator: Events = {
    [Symbol.asyncIterator]() {
      return iterator;
    },
    async next() {
      if (!started) {
        started = true;
        return { value: WAITING, done: false };
      }
      try {
        for (;;) {
          const { value, done } = await events.next();
          if (done || ended) break;
          lines.add(value);
          timer ??= setTimeout(flush, FLUSH_MS);
        }
      } catch (reason) {
        lines.add(describeFailure(reason));
      }
      end();
      return { value: undefined, done: true };
    },
    async return() {
      end();
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
  return iterator;
}

function append(shown: Shown, { text, dropped }: { text: string; dropped: number }, isFirst: boolean): void {
  const { responseEditor: editor } = shown;
  const model = editor.getModel();
  if (model === null) return;
  const bottom = editor.getScrollTop() + editor.getLayoutInfo().height;
  const follows = isFirst || bottom >= editor.getScrollHeight() - NEAR_BOTTOM_PX;
  if (isFirst) {
    setLanguage(shown, 'plaintext');
    model.setValue(text);
  } else {
    const line = model.getLineCount();
    const column = model.getLineMaxColumn(line);
    model.applyEdits([
      { range: { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: column }, text },
    ]);
  }
  if (dropped > 0) {
    model.applyEdits([
      { range: { startLineNumber: 1, startColumn: 1, endLineNumber: dropped + 1, endColumn: 1 }, text: '' },
    ]);
  }
  if (follows) editor.setScrollTop(editor.getScrollHeight());
}
