import { describe, expect, test } from 'vitest';
import { isAllowedOrigin, type OriginRule } from '../../../../src/server/http/allowed-origins.ts';

const local: OriginRule = { corsOrigins: null, localViewer: true, publicUrl: null };
const withTokens: OriginRule = { corsOrigins: null, localViewer: false, publicUrl: 'https://api.example.com/haunted' };
const listed: OriginRule = { corsOrigins: ['https://app.example.com/'], localViewer: true, publicUrl: null };

describe('a page may use the API', () => {
  test.each([
    ['from the server itself', local, 'http://127.0.0.1:4000', '127.0.0.1:4000'],
    ['from the server itself, behind a proxy that ends TLS', withTokens, 'https://api.internal', 'api.internal'],
    ['from PUBLIC_URL, behind a proxy that changes Host', withTokens, 'https://api.example.com', '10.0.0.7:4000'],
    ['from another port of localhost, for the viewer local', local, 'http://localhost:5173', '127.0.0.1:4000'],
    ['from another port of 127.0.0.1, for the viewer local', local, 'https://127.0.0.1:8443', 'localhost:4000'],
    ['from an origin of the list', listed, 'https://app.example.com', 'localhost:4000'],
    ['from the server itself, next to a list', listed, 'http://localhost:4000', 'localhost:4000'],
  ])('%s', (_where, rule, origin, host) => {
    expect(isAllowedOrigin(rule, origin, host)).toBe(true);
  });
});

describe('a page may not use the API', () => {
  test.each([
    ['from elsewhere', local, 'https://evil.example', 'localhost:4000'],
    ['from a name that begins like localhost', local, 'http://localhost.evil.example', 'localhost:4000'],
    ['from a sandboxed page or a file', local, 'null', 'localhost:4000'],
    ['from localhost, when viewers have tokens', withTokens, 'http://localhost:5173', 'api.internal'],
    ['from localhost, when there is a list', listed, 'http://localhost:5173', '127.0.0.1:4000'],
    ['from an origin of the list by another scheme', listed, 'http://app.example.com', 'localhost:4000'],
    ['from a subdomain of the list', listed, 'https://x.app.example.com', 'localhost:4000'],
    ['without an origin worth the name', local, '', 'localhost:4000'],
  ])('%s', (_where, rule, origin, host) => {
    expect(isAllowedOrigin(rule, origin, host)).toBe(false);
  });
});
