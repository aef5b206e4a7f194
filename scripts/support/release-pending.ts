const PENDING = '## Pending\n';

/**
 * The changelog with its pending entries under the heading of a version, and an empty Pending above it.
 * @param date as in 2026-01-31
 * @throws {Error} nothing is pending, or the version is there already
 */
export function releasePending(changelog: string, version: string, date: string): string {
  const [before = '', after] = changelog.split(PENDING);
  if (after === undefined) throw new Error('CHANGELOG.md has no heading “## Pending”');
  const [entries = ''] = after.split(/^## /m);
  if (!/^- /m.test(entries)) throw new Error('CHANGELOG.md has no entry under Pending: there is nothing to release');
  if (after.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has version ${version} already`);
  return `${before}${PENDING}\n## ${version} (${date})\n${after}`;
}
