import { describe, expect, test } from 'vitest';
import { type HostRule, isTrustedHost } from '../../../../src/server/http/allowed-hosts.ts';

const local: HostRule = { localViewer: true, host: 'Ghost.lan', publicUrl: 'https://haunted.example:8443/api' };

describe('for the viewer local', () => {
  test.each(['localhost:4000', 'LOCALHOST', 'app.localhost', '127.0.0.1:4000', '[::1]:4000', '192.168.1.5:4000'])(
    '%s cannot be rebound, and is trusted',
    (host) => {
      expect(isTrustedHost(local, host)).toBe(true);
    },
  );

  test.each(['haunted.example', 'haunted.example:4000', 'ghost.lan:4000'])('the configured %s is trusted', (host) => {
    expect(isTrustedHost(local, host)).toBe(true);
  });

  test.each([
    'evil.example:4000',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    '',
    'a b',
    undefined,
  ])('%j is refused', (host) => {
    expect(isTrustedHost(local, host)).toBe(false);
  });
});

describe('for viewers with tokens', () => {
  const rule = { ...local, localViewer: false };

  test('any name will do', () => {
    expect(isTrustedHost(rule, 'api.internal:4000')).toBe(true);
  });

  test('what is no name will not', () => {
    expect(isTrustedHost(rule, 'a b')).toBe(false);
  });
});
