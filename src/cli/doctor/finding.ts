/** What the doctor found out about a part. */
export type Finding = {
  part: string;
  /** `warning`: it works, but not well. `error`: the service cannot do its work. */
  status: 'ok' | 'warning' | 'error';
  /** What is the case and, unless that is fine, what to do. */
  message: string;
};

/** Findings of one part. */
export function findingsOf(part: string) {
  const finding = (status: Finding['status']) => (message: string) => ({ part, status, message }) satisfies Finding;
  return { ok: finding('ok'), warning: finding('warning'), error: finding('error') };
}
