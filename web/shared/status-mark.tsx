/** A window of the house: lit while an agent works, with a sign of its own for each status. */
const SIGNS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'M4.5 8.5 7 11l4.5-5.5',
  FAILED: 'M5 5l6 6M11 5l-6 6',
  CANCELLED: 'M4.5 8h7',
  WAITING_TO_RETRY: 'M8 4.5V8l2.3 1.8',
};

/** Decoration: the status stands beside it in words. */
export function StatusMark({ status }: { status: string }) {
  return (
    <svg className="status-mark" data-status={status} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <rect x="1" y="1" width="14" height="14" rx="3" />
      {SIGNS[status] !== undefined && <path d={SIGNS[status]} />}
    </svg>
  );
}
