import { exportJWK, generateKeyPair, type JWTPayload, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createViewerTokens, type VerifyViewerToken } from '../../../src/auth/viewer-tokens.ts';
import { type Issuer, nowS, SECRET, sign, startIssuer, tokenOf } from '../../support/server/tokens.ts';

const AUDIENCE = 'rooms';
const ISSUER = 'https://login.example.com/';
const bySecret = (options: { issuer?: string; audience?: string } = {}): VerifyViewerToken =>
  createViewerTokens({
    keys: { secret: SECRET },
    issuer: options.issuer ?? null,
    audience: options.audience ?? null,
    onKeysUnavailable: () => expect.unreachable(),
  });

const claims = (changes: Record<string, unknown> = {}): JWTPayload => ({ sub: 'ada', exp: nowS() + 60, ...changes });
const refusal = (reason: RegExp) => ({ code: 'UNAUTHENTICATED', message: expect.stringMatching(reason) });
const bytes = (text: string) => new TextEncoder().encode(text);

describe('tokens signed with AUTH_JWT_SECRET', () => {
  test('a valid token gives the viewer and the expiry', async () => {
    const exp = nowS() + 60;
    expect(await bySecret()(await sign({ sub: 'auth0|ada', exp }))).toEqual({
      viewerId: 'auth0|ada',
      expiresAtMs: exp * 1_000,
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['that expired within the clock tolerance', { exp: nowS() - 2 }],
    ['that becomes valid within the clock tolerance', { nbf: nowS() + 2 }],
    ['with an issuer and an audience that are not checked', { iss: 'x', aud: 'y' }],
  ])('a token %s is accepted', async (_which, changes) => {
    expect(await bySecret()(await sign(claims(changes)))).toMatchObject({ viewerId: 'ada' });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['that has expired', { exp: nowS() - 60 }, /expired/],
    ['without an expiry', { exp: undefined }, /has no `exp` claim/],
    ['whose expiry is not a number', { exp: '2999-01-01' }, /`exp`/],
    ['that is not valid yet', { nbf: nowS() + 60 }, /not valid yet/],
    ['without a subject', { sub: undefined }, /has no `sub` claim/],
    ['with an empty subject', { sub: '' }, /`sub` claim must be a string of 1 to 255/],
    ['with a long subject', { sub: 'x'.repeat(256) }, /`sub` claim must be a string of 1 to 255/],
    ['whose subject is a list', { sub: ['ada'] }, /`sub` claim must be a string of 1 to 255/],
    ['whose subject is a number', { sub: 5 }, /`sub` claim must be a string of 1 to 255/],
    ['with a NUL in its subject', { sub: 'a\u0000b' }, /control characters/],
    ['with a lone surrogate in its subject', { sub: '\ud800' }, /`sub` claim must be/],
    ['that names the viewer `local`', { sub: 'local' }, /`sub` claim must not be `local`/],
  ])('a token %s is rejected', async (_which, changes, reason) => {
    await expect(bySecret()(await sign(claims(changes)))).rejects.toMatchObject(refusal(reason));
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'signed with another secret',
      () => sign(claims(), { key: bytes('b'.repeat(40)) }),
      /not signed by the issuer that this service trusts/,
    ],
    [
      'signed with another algorithm',
      () => sign(claims(), { key: bytes('b'.repeat(64)), alg: 'HS512' }),
      /algorithm that is not accepted/,
    ],
    [
      'without a signature',
      async () => new UnsecuredJWT({}).setSubject('ada').encode(),
      /algorithm that is not accepted|not a valid JWT/,
    ],
    ['that is not a JWT', async () => 'a.b.c', /not a valid JWT/],
    ['that is not even base64', async () => '…', /not a valid JWT/],
  ])('a token %s is rejected', async (_which, make, reason) => {
    await expect(bySecret()(await make())).rejects.toMatchObject(refusal(reason));
  });

  test('a token must have the required issuer and audience', async () => {
    const verify = bySecret({ issuer: ISSUER, audience: AUDIENCE });
    expect(await verify(await sign(claims({ iss: ISSUER, aud: ['x', AUDIENCE] })))).toMatchObject({ viewerId: 'ada' });
    await expect(verify(await sign(claims({ iss: 'x', aud: AUDIENCE })))).rejects.toMatchObject(refusal(/`iss`/));
    await expect(verify(await sign(claims({ iss: ISSUER, aud: 'x' })))).rejects.toMatchObject(refusal(/`aud`/));
    await expect(verify(await sign(claims({ iss: ISSUER })))).rejects.toMatchObject(refusal(/has no `aud` claim/));
  });
});

describe('tokens signed with a key of AUTH_JWKS_URL', () => {
  let issuer: Issuer;
  const unavailable: unknown[] = [];
  const byKeys = () =>
    createViewerTokens({
      keys: { jwksUrl: issuer.jwksUrl },
      issuer: null,
      audience: null,
      onKeysUnavailable: (error) => unavailable.push(error),
    });
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());

  test.each(['RS256', 'ES256', 'EdDSA'])(
    'a token signed with %s is accepted, even if it does not name its key',
    async (alg) => {
      const verify = byKeys();
      expect(await verify(await issuer.sign(claims(), alg))).toMatchObject({ viewerId: 'ada' });
      expect(await verify(await issuer.sign(claims(), alg, { named: false }))).toMatchObject({ viewerId: 'ada' });
    },
  );

  test('a token signed with the public key as a secret is rejected', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const key = bytes(JSON.stringify(await exportJWK(publicKey)));
    await expect(byKeys()(await sign(claims(), { key }))).rejects.toMatchObject(
      refusal(/algorithm that is not accepted/),
    );
  });

  test('a token signed with an unknown key is rejected', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = (kid?: string) =>
      sign(claims(), { key: privateKey, alg: 'ES256', ...(kid !== undefined && { kid }) });
    await expect(byKeys()(await forged('unknown'))).rejects.toMatchObject(
      refusal(/not signed by the issuer that this service trusts/),
    );
    await expect(byKeys()(await forged())).rejects.toMatchObject(
      refusal(/not signed by the issuer that this service trusts/),
    );
  });

  test.each([404, 500])(
    'a token gives SERVICE_UNAVAILABLE with retryAfterMs while the key server responds with %i',
    async (status) => {
      const verify = byKeys();
      const token = await issuer.sign(claims(), 'ES256');
      issuer.answerWith(status);
      unavailable.length = 0;
      await expect(verify(token)).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        details: { retryAfterMs: 5_000 },
      });
      expect(unavailable).toHaveLength(1);
      issuer.answerWith(0);
      expect(await verify(token)).toMatchObject({ viewerId: 'ada' });
    },
  );
});

test('an error about a rejected token contains no part of the token', async () => {
  const token = await tokenOf('ada', -60);
  const error = await bySecret()(token).catch((reason: unknown) => reason);
  expect(JSON.stringify(error) + String(error)).not.toContain(token.slice(-20));
});
