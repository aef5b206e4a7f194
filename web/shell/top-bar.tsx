import type { ReactNode, Ref } from 'react';
import { overviewHref } from '../navigation/addresses.ts';
import { Link } from '../navigation/link.tsx';
import { HelpDialog } from './help-dialog.tsx';

type Props = { children?: ReactNode; help: Ref<HTMLDialogElement>; onHelp(): void; isHomeLink?: boolean };

export function TopBar({ children, help, onHelp, isHomeLink = true }: Props) {
  const name = (
    <>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="logo">
        <path className="house-wall" d="M16 3 28 12.5V29H4V12.5Z" />
        <path className="house-window" d="M9 14.5h5V19H9ZM18 21.5h5V26H18Z" />
        <path className="house-window lit" d="M18 14.5h5V19H18ZM9 21.5H14V26H9Z" />
      </svg>
      <span className="brand-name">HauntedAI</span>
    </>
  );
  return (
    <header className="top-bar">
      {isHomeLink ? (
        <Link className="brand" href={overviewHref()}>
          {name}
        </Link>
      ) : (
        <span className="brand">{name}</span>
      )}
      <div className="top-tools">
        {children}
        <button type="button" className="quiet" aria-label="Keys and help" title="Keys and help (?)" onClick={onHelp}>
          ?
        </button>
      </div>
      <HelpDialog ref={help} />
    </header>
  );
}
