import { countdown } from '../shared/time.ts';
import { Moment } from '../shared/time-style.tsx';
import { useNow } from '../shared/use-now.ts';
import { agentDoes, agentTitle, count } from '../shared/words.ts';
import { agentFigures, agentsSummary, agentWord, moodOf } from './agent-words.ts';
import type { AgentState, Now } from './operations.ts';

/** Tokens are on, so there are viewers whose rooms are not shown. */
const HAS_OTHERS = document.documentElement.hasAttribute('data-needs-token');

/** What is going on now: the viewer's own work, and the agents for everyone's. */
export function NowPanel({ now }: { now: Now }) {
  const { running, queued, oldestQueuedAt, agents, balance } = now;
  const nowMs = useNow(queued > 0);
  const summary = agentsSummary(agents);
  return (
    <section className="panel now" aria-labelledby="now-title">
      <h2 id="now-title">Now</h2>
      <dl className="figures">
        <div data-testid="running">
          <dt>Running</dt>
          <dd>{running}</dd>
        </div>
        <div data-testid="queued">
          <dt>Queued</dt>
          <dd>
            {queued}
            {oldestQueuedAt !== null && <small>{`oldest ${countdown(nowMs - Date.parse(oldestQueuedAt))}`}</small>}
          </dd>
        </div>
        <div>
          <dt>Earned</dt>
          <dd className="reward">{count(balance, 'HHCW', 'HHCW')}</dd>
        </div>
      </dl>
      <p className="agents-summary" data-mood={summary.mood} role="status">
        {summary.text}
      </p>
      <ul className="agents" data-testid="agents" aria-label="Agents">
        {agents.map((agent) => (
          <Agent key={agent.name} agent={agent} />
        ))}
      </ul>
      {HAS_OTHERS && <p className="agent-figures">Agents work for everyone, so their figures count all rooms.</p>}
    </section>
  );
}

function Agent({ agent }: { agent: AgentState }) {
  const { name, url, healthy, problem, unhealthySince, latencyMs } = agent;
  const nowMs = useNow(false);
  const figures = agentFigures(agent);
  const detail = problem ?? (latencyMs === null ? null : `Health check took ${Math.round(latencyMs)} ms`);
  return (
    <li data-agent={name} data-mood={moodOf(agent)} title={[url, detail].filter(Boolean).join('\n') || undefined}>
      <span className="agent-name">{agentTitle(name)}</span>
      <span className="agent-word">{agentWord(agent)}</span>
      {figures.length > 0 && <span className="agent-figures">{figures.join(' · ')}</span>}
      {figures.length === 0 && healthy !== false && <span className="agent-figures agent-does">{agentDoes(name)}</span>}
      {unhealthySince !== null && (
        <span className="agent-problem">
          {problem === null ? 'It fails its health check' : problem}
          {'. First failed check: '}
          <Moment iso={unhealthySince} nowMs={nowMs} />
        </span>
      )}
    </li>
  );
}
