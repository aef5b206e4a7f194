import { useLayoutEffect, useRef } from 'react';
import type { StepState } from '../room/operations.ts';
import { agentDoing, agentTitle } from '../shared/words.ts';
import { useOutput } from './use-output.ts';

const NEAR_END_PX = 32;

/** What a step without a result has written: while it runs, after a failed attempt, or until it was stopped. */
export function GrowingText({ workflowId, step }: { workflowId: string; step: StepState }) {
  const { agent, status } = step;
  const texts = [...useOutput(workflowId, agent)].filter(([, text]) => text !== '');
  const title = agentTitle(agent);
  const state = ENDINGS[status] ?? agentDoing(agent);
  return (
    <>
      {/* Only that there is text: it would be read aloud again and again. */}
      <p className="sr-only" role="status">
        {texts.length > 0 && `${title} ${state}`}
      </p>
      {texts.length > 0 && (
        <article
          className="panel result growing"
          aria-label={`Text of ${title}`}
          data-testid="output"
          data-step={agent}
          data-status={status}
        >
          <div className="panel-head">
            <h3>{title}</h3>
            <span className="muted">{state}</span>
          </div>
          {texts.map(([channel, text]) => (
            <FollowedText
              key={channel}
              text={text}
              label={`Text of ${title}: ${channel}`}
              heading={texts.length > 1 ? channel : null}
            />
          ))}
        </article>
      )}
    </>
  );
}

/** A step that has succeeded counts as running until its result is read. */
const ENDINGS: Readonly<Record<string, string>> = {
  WAITING_TO_RETRY: 'failed after this text, and will begin anew',
  FAILED: 'failed after this text',
  CANCELLED: 'was cancelled after this text',
};

/** Stays at the end while the text grows, unless the reader has scrolled up. */
function FollowedText({ text, label, heading }: { text: string; label: string; heading: string | null }) {
  const scroller = useRef<HTMLElement>(null);
  const isFollowing = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight;
  }, [text]);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    isFollowing.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return (
    <>
      {heading !== null && <h4>{heading}</h4>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="written" aria-label={label} dir="auto" tabIndex={0} ref={scroller} onScroll={onScroll}>
        {text}
      </section>
    </>
  );
}
