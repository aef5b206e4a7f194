import { useEffect, useState } from 'react';

type Props = { text: string | (() => string | Promise<string>); label: string; children?: React.ReactNode };

/** Copies text, and reports it for two seconds. */
export function CopyButton({ text, label, children = 'Copy' }: Props) {
  const [outcome, setOutcome] = useState<string | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    void (async () => {
      try {
        await copyText(typeof text === 'string' ? text : await text());
        setOutcome('Copied');
      } catch (error) {
        setOutcome(error instanceof Error ? error.message : 'Not allowed');
      }
    })();
  };
  return (
    <button
      type="button"
      className="small"
      aria-label={outcome === null ? label : `${label}: ${outcome}`}
      onClick={copy}
    >
      {outcome ?? children}
    </button>
  );
}

/** Over plain HTTP on another machine's address there is no clipboard, so a hidden field is copied. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (!isCopied) throw new Error('The browser does not allow copying.');
}
