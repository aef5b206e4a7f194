import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { readToken } from '../sign-in/session-token.ts';
import { createFetcher } from './fetcher.ts';
import { createMemory } from './memory.ts';
import { openTabs } from './open-tabs.ts';
import { createPanes } from './panes.ts';
import { createSubjectSource, subjectOfAddress } from './subject.ts';
import { TabFiller } from './tab-filler.tsx';
import { createTransport, type Headers } from './transport.ts';

const transport = createTransport(
  new URL(location.pathname, location.origin),
  document.documentElement.hasAttribute('data-needs-token'),
);
const subject = createSubjectSource(transport);
const memory = createMemory(localStorage);
const panes = createPanes();

const tabs = openTabs({
  stored: memory.tabs(),
  filled: memory.filled(),
  isKnown: memory.isKnown(),
  showsRoom: subject.current.get() !== null,
  newId: () => crypto.randomUUID(),
});
memory.keepTabs(tabs);
const active = tabs.tabs[tabs.activeTabIndex];

/** The headers pane goes first; whoever is signed in on the page needs to enter nothing. */
function withToken(entered: unknown): Headers {
  const headers: Headers = { ...Object(entered) };
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (hasToken) memory.keepHeaders(JSON.stringify(headers, null, 2));
  const token = readToken();
  return hasToken || token === null ? headers : { ...headers, authorization: `Bearer ${token}` };
}

const fetcher = createFetcher({ transport, subject, panes, withToken });

// Errors are shown when an operation is run.
if (subject.current.get() === null) subject.findNewest(withToken(null)).catch(() => {});
window.addEventListener('hashchange', () => {
  if (subjectOfAddress(location.hash) !== null) location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element for GraphiQL.');
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    initialQuery={active?.query ?? ''}
    initialVariables={active?.variables ?? ''}
    defaultEditorToolsVisibility
    schemaDescription
    inputValueDeprecation
  >
    <GraphiQL.Logo>
      <span className="title">HauntedAI</span>
    </GraphiQL.Logo>
    <TabFiller subject={subject} panes={panes} memory={memory} />
  </GraphiQL>,
);
