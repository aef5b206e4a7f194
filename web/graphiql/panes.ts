import type { MonacoEditor, useGraphiQLActions, useMonaco } from '@graphiql/react';

/** What GraphiQL shows at the moment, for code outside its components. */
export type Panes = {
  /** Null until the editors are there. */
  shown: Shown | null;
  /** Results are JSON again, after a log. */
  showAsJson(): void;
};

export type Shown = {
  responseEditor: MonacoEditor;
  monaco: Monaco;
  activeTabId: string;
  actions: ReturnType<typeof useGraphiQLActions>;
};

type Monaco = NonNullable<MonacoStore['monaco']>;
type MonacoStore = Parameters<Parameters<typeof useMonaco>[0]>[0];

export function createPanes(): Panes {
  return {
    shown: null,
    showAsJson() {
      setLanguage(this.shown, 'json');
      // A log leaves the pane scrolled to its end.
      this.shown?.responseEditor.setScrollTop(0);
    },
  };
}

export function setLanguage(shown: Shown | null, language: 'json' | 'plaintext'): void {
  const model = shown?.responseEditor.getModel();
  if (shown && model && model.getLanguageId() !== language) shown.monaco.editor.setModelLanguage(model, language);
}
