import { overviewHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';

export function RoomMissing({ error, isReadOnly }: { error: Error; isReadOnly: boolean }) {
  return (
    <main className="room narrow">
      <h1>This room cannot be shown</h1>
      <p role="alert">{error.message}</p>
      {isReadOnly ? (
        <p className="muted">Ask whoever sent you the link for a new one.</p>
      ) : (
        <Link className="button" href={overviewHref()}>
          All rooms
        </Link>
      )}
    </main>
  );
}
