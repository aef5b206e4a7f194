import { describe, expect, test } from 'vitest';
import { type AllowedHosts, forbiddenHost, isAllowedHost } from '../../../../src/server/http/allowed-hosts.ts';

const local: AllowedHosts = { localViewer: true, host: 'Ghost.lan', publicUrl: 'https://haunted.example:8443/api' };

describe('for the viewer local', () => {
  test.each(['localhost:4000', 'LOCALHOST', 'app.localhost', '127.0.0.1:4000', '[::1]:4000', '192.168.1.5:4000'])(
    'the host %s cannot be rebound, and is allowed',
    (host) => {
      expect(isAllowedHost(local, host)).toBe(true);
    },
  );

  test.each(['haunted.example', 'haunted.example:4000', 'ghost.lan:4000'])(
    'the configured host %s is allowed',
    (host) => {
      expect(isAllowedHost(local, host)).toBe(true);
    },
  );

  test.each([
    'evil.example:4000',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    '',
    'a b',
    undefined,
  ])('the host %j is refused', (host) => {
    expect(isAllowedHost(local, host)).toBe(false);
  });
});

describe('for viewers with tokens', () => {
  const withTokens = { ...local, localViewer: false };

  test('any host name is allowed if viewers have tokens', () => {
    expect(isAllowedHost(withTokens, 'api.internal:4000')).toBe(true);
  });

  test('an invalid host name is refused even if viewers have tokens', () => {
    expect(isAllowedHost(withTokens, 'a b')).toBe(false);
  });
});

test('the message for a forbidden host repeats its name, and nothing else that the header holds', () => {
  expect(forbiddenHost('haunted.example:80')).toMatch(/^This API does not answer to the name haunted\.example\. /);
  expect(forbiddenHost('a b <script>')).toMatch(/^This API does not answer to the name \(none\)\. /);
});
