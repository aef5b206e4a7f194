import { useState } from 'react';
import { ConnectionContext } from '../api/connection-context.ts';
import { overviewHref, seqInHash, tokenInHash } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { type Route, useHref, useRoute } from '../navigation/route.ts';
import { OverviewPage } from '../overview/overview-page.tsx';
import { RoomMissing } from '../room/room-missing.tsx';
import { RoomPage } from '../room/room-page.tsx';
import { useRoom } from '../room/use-room.ts';
import { TimeStyleSelect } from '../shared/time-style.tsx';
import { keepToken, readToken } from '../sign-in/session-token.ts';
import { SignIn } from '../sign-in/sign-in.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { TopBar } from './top-bar.tsx';
import { useConnectionWith } from './use-connection-with.ts';
import { useHelp } from './use-help.ts';

const NEEDS_TOKEN = document.documentElement.hasAttribute('data-needs-token');

export function App() {
  const route = useRoute();
  const href = useHref();
  const [ownToken, setOwnToken] = useState(readToken);
  const sharedToken = route.name === 'room' ? tokenInHash() : null;
  const token = sharedToken ?? ownToken;
  const { connection, refusal } = useConnectionWith(token, NEEDS_TOKEN && token === null);
  const help = useHelp();
  const changeToken = (next: string | null) => {
    keepToken(next);
    setOwnToken(next);
  };

  if (sharedToken !== null && refusal !== null) {
    return (
      <Bare help={help}>
        <RoomMissing error={new Error(`The link is no longer valid: ${refusal}.`)} isReadOnly />
      </Bare>
    );
  }
  if (refusal !== null || (NEEDS_TOKEN && token === null)) {
    return (
      <Bare help={help}>
        <SignIn
          refusal={refusal === null ? null : `The server did not accept this token: ${refusal}.`}
          onToken={changeToken}
        />
      </Bare>
    );
  }
  if (connection === null) return null;
  const signOut = NEEDS_TOKEN && sharedToken === null && (
    <button type="button" className="quiet" onClick={() => changeToken(null)}>
      Sign out
    </button>
  );
  return (
    <ConnectionContext value={connection}>
      <View key={token} route={route} href={href} isReadOnly={sharedToken !== null} help={help} tools={signOut} />
    </ConnectionContext>
  );
}

type Help = ReturnType<typeof useHelp>;
type ViewProps = { route: Route; href: string; isReadOnly: boolean; help: Help; tools: React.ReactNode };

function View({ route, href, isReadOnly, help, tools }: ViewProps) {
  if (route.name === 'room') {
    return <RoomView key={route.roomId} {...route} isReadOnly={isReadOnly} help={help} tools={tools} />;
  }
  return (
    <>
      <TopBar {...help}>
        <ConnectionBadge missing={0} />
        <TimeStyleSelect />
        {tools}
      </TopBar>
      {route.name === 'overview' ? <OverviewPage href={href} /> : <NotFound />}
    </>
  );
}

type RoomViewProps = {
  roomId: string;
  workflowId: string | null;
  isReadOnly: boolean;
  help: Help;
  tools: React.ReactNode;
};

function RoomView({ roomId, workflowId, isReadOnly, help, tools }: RoomViewProps) {
  const data = useRoom(roomId, workflowId, seqInHash());
  return (
    <>
      <TopBar {...help} isHomeLink={!isReadOnly}>
        <ConnectionBadge missing={data.missing} />
        <TimeStyleSelect />
        {tools}
      </TopBar>
      <RoomPage roomId={roomId} data={data} isReadOnly={isReadOnly} />
    </>
  );
}

function Bare({ help, children }: { help: Help; children: React.ReactNode }) {
  return (
    <>
      <TopBar {...help} isHomeLink={false} />
      {children}
    </>
  );
}

function NotFound() {
  return (
    <main className="narrow">
      <h1>Nothing is here</h1>
      <Link className="button" href={overviewHref()}>
        All rooms
      </Link>
    </main>
  );
}
