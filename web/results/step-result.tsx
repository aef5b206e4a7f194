import { memo, useState } from 'react';
import { publishedHere, webAddress } from '../navigation/addresses.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { JsonTree } from '../shared/json-tree.tsx';
import { agentTitle } from '../shared/words.ts';
import { fieldsOf } from './fields-of.ts';

const LONGEST_STORY = 20_000;

/** A result by what it contains, whichever agent it comes from; anything else as JSON. */
export const StepResult = memo(function StepResult({ step, result }: { step: string; result: unknown }) {
  const { story, imageUrl, imageCid, cid, metadata, ...rest } = fieldsOf(result);
  const title = fieldsOf(metadata)['title'];
  const isOnlyData = story === undefined && imageUrl === undefined;
  return (
    <>
      <div className="panel-head">
        <h3>{typeof title === 'string' ? title : agentTitle(step)}</h3>
        {typeof title === 'string' && <span className="muted">{agentTitle(step)}</span>}
        <Cid value={cid ?? imageCid} />
      </div>
      {typeof story === 'string' && <Story text={story} />}
      {typeof imageUrl === 'string' && <Picture url={imageUrl} description={fieldsOf(metadata)['prompt']} />}
      <Details
        title={isOnlyData ? 'Result' : 'Details'}
        value={isOnlyData ? result : { ...rest, ...(metadata !== undefined && { metadata }) }}
      />
    </>
  );
});

function Details({ title, value }: { title: string; value: unknown }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && <JsonTree value={value} />}
    </details>
  );
}

function Story({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(text.length <= LONGEST_STORY);
  const shown = isWhole ? text : text.slice(0, text.lastIndexOf(' ', LONGEST_STORY));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="story" aria-label="The story" tabIndex={0}>
        {shown.split(/\n{2,}/).map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
        {!isWhole && (
          <button type="button" className="small" onClick={() => setWhole(true)}>
            {`Show all ${text.length.toLocaleString('en')} characters`}
          </button>
        )}
      </section>
      <div className="result-tools">
        <CopyButton label="Copy the story" text={text}>
          Copy the story
        </CopyButton>
      </div>
    </>
  );
}

/** Only pictures of this origin are loaded: a request to another one would tell it who is watching. */
function Picture({ url, description }: { url: string; description: unknown }) {
  const [isBroken, setBroken] = useState(false);
  const src = publishedHere(url) ?? (url.startsWith('data:image/') ? url : null);
  if (src === null || isBroken) {
    const href = webAddress(url);
    return (
      <p className="muted">
        {isBroken ? 'The picture cannot be loaded: ' : 'The picture is on another server: '}
        {href === null ? (
          url.slice(0, 200)
        ) : (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {href}
          </a>
        )}
      </p>
    );
  }
  const alt = typeof description === 'string' ? description : 'The picture that the agent drew';
  return <img className="picture" src={src} alt={alt} onError={() => setBroken(true)} />;
}

function Cid({ value }: { value: unknown }) {
  if (typeof value !== 'string' || value === '') return null;
  return (
    <span className="cid">
      <code title={value}>{value.length > 18 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value}</code>
      <CopyButton label={`Copy CID ${value}`} text={value}>
        Copy CID
      </CopyButton>
    </span>
  );
}
