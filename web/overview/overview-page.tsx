import { useEffect } from 'react';
import { parseFilter } from './filter-address.ts';
import { NowPanel } from './now-panel.tsx';
import { RoomsSection } from './rooms-section.tsx';
import { StartForm } from './start-form.tsx';
import { useOverview } from './use-overview.ts';
import { useStart } from './use-start.ts';

export function OverviewPage({ href }: { href: string }) {
  const filter = parseFilter(href);
  const overview = useOverview(filter.status);
  const starting = useStart();
  const running = overview.now?.running ?? 0;
  useEffect(() => {
    document.title = running === 0 ? 'HauntedAI' : `${running} running · HauntedAI`;
  }, [running]);
  const now = overview.now !== null && <NowPanel now={overview.now} />;
  const isNew = overview.rooms?.status === null && overview.rooms.items.length === 0 && filter.status === null;
  return (
    <main className="overview">
      <section className="hero">
        <h1>Type an idea. Watch it become a page.</h1>
        <p>Agents write a story for it, draw a picture, build a page and publish it.</p>
        <StartForm {...starting} />
      </section>
      {/* What to do first comes first. */}
      {!isNew && now}
      <RoomsSection filter={filter} overview={overview} isNew={isNew} start={starting.start} />
      {isNew && now}
    </main>
  );
}
