import { pick, useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react';
import { useEffect, useSyncExternalStore } from 'react';
import { fillIn } from './fill-in.ts';
import type { Memory } from './memory.ts';
import { type Panes, setLanguage } from './panes.ts';
import type { SubjectSource } from './subject.ts';

type Props = { subject: SubjectSource; panes: Panes; memory: Memory };

/** Fills the ids into the tab that is open, whenever it or the subject changes. Other tabs get theirs when opened. */
export function TabFiller({ subject, panes, memory }: Props) {
  const actions = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'queryEditor', 'variableEditor', 'headerEditor', 'responseEditor'),
  );
  const monaco = useMonaco((state) => state.monaco);
  const current = useSyncExternalStore(subject.current.subscribe, subject.current.get);
  const activeTabId = tabs[activeTabIndex]?.id;

  useEffect(() => {
    // The style sheet hides Play until then: GraphiQL would ignore it.
    if (queryEditor && variableEditor && responseEditor) document.documentElement.dataset['ready'] = '';
  }, [queryEditor, variableEditor, responseEditor]);

  useEffect(() => {
    if (!monaco || !responseEditor || activeTabId === undefined) return;
    panes.shown = { monaco, responseEditor, activeTabId, actions };
    // Stories and logs contain characters that are suspicious in code only.
    responseEditor.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } });
    const text = responseEditor.getValue();
    setLanguage(panes.shown, text === '' || text.startsWith('{') ? 'json' : 'plaintext');
  }, [monaco, responseEditor, activeTabId, actions, panes]);

  useEffect(() => {
    // An id takes the whole width of a phone.
    variableEditor?.updateOptions({ wordWrap: 'on', lineNumbers: 'off', folding: false });
    if (!variableEditor || activeTabId === undefined || current === null) return;
    const tab = { id: activeTabId, variables: variableEditor.getValue() };
    const variables = fillIn(tab, memory.filled(), current);
    if (variables === null) return;
    memory.keepFilled(activeTabId, variables);
    variableEditor.setValue(variables);
    // At once: GraphiQL would forget it if another tab were opened within 100 ms.
    actions.updateActiveTabValues({ variables });
  }, [variableEditor, activeTabId, current, actions, memory]);

  useEffect(() => {
    const headers = memory.headers();
    if (!headerEditor || activeTabId === undefined || headers === null || headerEditor.getValue().trim() !== '') return;
    headerEditor.setValue(headers);
    actions.updateActiveTabValues({ headers });
  }, [headerEditor, activeTabId, actions, memory]);

  return null;
}
