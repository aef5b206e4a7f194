import { describe, expect, test } from 'vitest';
import { type AllowedOrigins, forbiddenOrigin, isAllowedOrigin } from '../../../../src/server/http/allowed-origins.ts';

const local: AllowedOrigins = { corsOrigins: null, localViewer: true, publicUrl: null };
const withTokens: AllowedOrigins = {
  corsOrigins: null,
  localViewer: false,
  publicUrl: 'https://api.example.com/haunted',
};
const listed: AllowedOrigins = { corsOrigins: ['https://app.example.com/'], localViewer: true, publicUrl: null };

describe('allowed origins', () => {
  test.each([
    ['from the server itself', local, 'http://127.0.0.1:4000', '127.0.0.1:4000'],
    ['from the server itself, behind a proxy that ends TLS', withTokens, 'https://api.internal', 'api.internal'],
    ['from PUBLIC_URL, behind a proxy that changes Host', withTokens, 'https://api.example.com', '10.0.0.7:4000'],
    ['from another port of localhost, for the viewer local', local, 'http://localhost:5173', '127.0.0.1:4000'],
    ['from another port of 127.0.0.1, for the viewer local', local, 'https://127.0.0.1:8443', 'localhost:4000'],
    ['from a listed origin', listed, 'https://app.example.com', 'localhost:4000'],
    ['from the server itself, if there is a list', listed, 'http://localhost:4000', 'localhost:4000'],
  ])('a page %s may use the API', (_where, allowed, origin, host) => {
    expect(isAllowedOrigin(allowed, origin, host)).toBe(true);
  });
});

describe('refused origins', () => {
  test.each([
    ['from another site', local, 'https://evil.example', 'localhost:4000'],
    ['from a domain that begins with localhost', local, 'http://localhost.evil.example', 'localhost:4000'],
    ['from a sandboxed page or a file', local, 'null', 'localhost:4000'],
    ['from localhost, if viewers have tokens', withTokens, 'http://localhost:5173', 'api.internal'],
    ['from localhost, if there is a list', listed, 'http://localhost:5173', '127.0.0.1:4000'],
    ['from a listed origin with another scheme', listed, 'http://app.example.com', 'localhost:4000'],
    ['from a subdomain of a listed origin', listed, 'https://x.app.example.com', 'localhost:4000'],
    ['with an empty origin', local, '', 'localhost:4000'],
  ])('a page %s may not use the API', (_where, allowed, origin, host) => {
    expect(isAllowedOrigin(allowed, origin, host)).toBe(false);
  });
});

test.each([
  ['https://evil.example', 'Origin https://evil.example'],
  ['null', 'Origin null'],
  ['not an origin', 'This origin'],
])('the message for the forbidden origin %j begins with %j', (origin, name) => {
  expect(forbiddenOrigin(origin)).toBe(
    `${name} is not allowed to use this API. Add it to CORS_ORIGINS, or set PUBLIC_URL to it if this is the address of the proxy before this service.`,
  );
});
