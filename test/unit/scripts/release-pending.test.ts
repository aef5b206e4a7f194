import { expect, test } from 'vitest';
import { releasePending } from '../../../scripts/support/release-pending.ts';

const CHANGELOG = '# Changelog\n\n## Pending\n\n### Added\n\n- A page.\n\n## 0.1.0\n\n- The first version.\n';

test('a release moves the pending entries under its version and leaves Pending empty', () => {
  expect(releasePending(CHANGELOG, '0.2.0', '2026-01-31')).toBe(
    '# Changelog\n\n## Pending\n\n## 0.2.0 (2026-01-31)\n\n### Added\n\n- A page.\n\n## 0.1.0\n\n- The first version.\n',
  );
});

test('a release without pending entries is refused', () => {
  const released = releasePending(CHANGELOG, '0.2.0', '2026-01-31');
  expect(() => releasePending(released, '0.3.0', '2026-02-28')).toThrow('nothing to release');
});

test('a release of a version that the changelog has already is refused', () => {
  const released = releasePending(CHANGELOG, '0.2.0', '2026-01-31').replace(
    'Pending\n',
    'Pending\n\n- Another page.\n',
  );
  expect(() => releasePending(released, '0.2.0', '2026-01-31')).toThrow('has version 0.2.0 already');
});
