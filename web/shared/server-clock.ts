/** What is shown as running or due has the server's times, and this computer's clock may be wrong by minutes. */
let aheadMs = 0;

/** The header has whole seconds, so a smaller difference says nothing. */
const SMALLEST_DIFFERENCE_MS = 2_000;

/** The time by the server's clock, as far as it is known. */
export const serverNow = (): number => Date.now() + aheadMs;

/** Compares the clocks. Without an answer the last difference stays. */
export async function compareClocks(url: URL): Promise<void> {
  try {
    const { headers } = await fetch(url, { method: 'HEAD', cache: 'no-store', headers: { Accept: 'text/html' } });
    const differenceMs = Date.parse(headers.get('Date') ?? '') + 500 - Date.now();
    if (Number.isNaN(differenceMs)) return;
    aheadMs = Math.abs(differenceMs) < SMALLEST_DIFFERENCE_MS ? 0 : differenceMs;
  } catch {
    // The connection is lost again; the next one compares again.
  }
}
