import { useState } from 'react';
import { CopyButton } from './copy-button.tsx';

const LONGEST_TEXT = 600;
const MOST_ENTRIES = 200;

/** JSON as a tree that opens and closes. CIDs can be copied. */
export function JsonTree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (typeof value !== 'object' || value === null) return <Leaf value={value} />;
  const entries = Object.entries(value);
  if (entries.length === 0) return <code>{Array.isArray(value) ? '[]' : '{}'}</code>;
  return (
    <ul className="json">
      {entries.slice(0, MOST_ENTRIES).map(([name, child]) => (
        <li key={name}>
          {isBranch(child) ? (
            <Branch name={name} value={child} depth={depth} />
          ) : (
            <>
              <span className="json-name">{name}</span> <Leaf value={child} />
            </>
          )}
        </li>
      ))}
      {entries.length > MOST_ENTRIES && <li className="muted">{`and ${entries.length - MOST_ENTRIES} more`}</li>}
    </ul>
  );
}

/** What is folded away is not in the document, since results may be large. */
function Branch({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const [isOpen, setOpen] = useState(depth < 1);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="json-name">{name}</span>
      </summary>
      {isOpen && <JsonTree value={value} depth={depth + 1} />}
    </details>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value !== 'string') return <code className="json-value">{String(value)}</code>;
  const isLong = value.length > LONGEST_TEXT;
  return (
    <>
      <span className="json-text">{isLong ? `${value.slice(0, LONGEST_TEXT)} …` : value}</span>
      {(isLong || isCid(value)) && <CopyButton label="Copy this value" text={value} />}
    </>
  );
}

const isCid = (text: string): boolean => /^(baf[a-z2-7]{40,}|Qm[1-9A-HJ-NP-Za-km-z]{44})$/.test(text);

const isBranch = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
