import { publishedHere, webAddress } from '../navigation/addresses.ts';
import { CopyButton } from '../shared/copy-button.tsx';

/**
 * An agent wrote this page, so it runs in a sandbox without access to this one. A page that was deployed elsewhere is
 * linked there, and shown from its copy on this server.
 */
export function DeployedPage({ url, copyUrl, title }: { url: string; copyUrl: unknown; title: string }) {
  const here = publishedHere(url);
  const shown = here ?? publishedHere(copyUrl);
  const href = here ?? webAddress(url);
  return (
    <article className="panel deployed" aria-label="The published page">
      <div className="panel-head">
        <h3>The page</h3>
        {href !== null && (
          <a href={href} target="_blank" rel="noopener noreferrer">
            Open
          </a>
        )}
        <CopyButton label="Copy link to the page" text={href ?? url}>
          Copy link
        </CopyButton>
      </div>
      {shown === null ? (
        <p className="muted">It is published on another server, which this page does not load: {url}</p>
      ) : (
        <iframe
          data-testid="deployment"
          src={shown}
          title={`The published page: ${title.slice(0, 80)}`}
          sandbox="allow-scripts"
          referrerPolicy="no-referrer"
          loading="lazy"
        />
      )}
    </article>
  );
}
