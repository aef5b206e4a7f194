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
    onKeysAway: () => expect.unreachable(),
  });

const claims = (changes: JWTPayload = {}): JWTPayload => ({ sub: 'ada', exp: nowS() + 60, ...changes });
const refusal = (reason: RegExp) => ({ code: 'UNAUTHENTICATED', message: expect.stringMatching(reason) });
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a token by AUTH_JWT_SECRET', () => {
  test('names its viewer and its end', async () => {
    const exp = nowS() + 60;
    expect(await bySecret()(await sign({ sub: 'auth0|ada', exp }))).toEqual({
      viewerId: 'auth0|ada',
      expiresAtMs: exp * 1_000,
    });
  });

  test.each<[string, JWTPayload]>([
    ['that ended within the tolerance', { exp: nowS() - 2 }],
    ['that begins within the tolerance', { nbf: nowS() + 2 }],
    ['with an issuer and an audience that nobody asked for', { iss: 'x', aud: 'y' }],
  ])('%s is taken', async (_which, changes) => {
    expect(await bySecret()(await sign(claims(changes)))).toMatchObject({ viewerId: 'ada' });
  });

  test.each<[string, JWTPayload, RegExp]>([
    ['that has expired', { exp: nowS() - 60 }, /expired/],
    ['without an end', { exp: undefined as never }, /lacks the claim `exp`/],
    ['whose end is no number', { exp: '2999-01-01' as never }, /`exp`/],
    ['that is not valid yet', { nbf: nowS() + 60 }, /not valid yet/],
    ['without a subject', { sub: undefined as never }, /lacks the claim `sub`/],
    ['with an empty subject', { sub: '' }, /`sub` must be 1 to 255/],
    ['with a long subject', { sub: 'x'.repeat(256) }, /`sub` must be 1 to 255/],
    ['whose subject is a list', { sub: ['ada'] as never }, /`sub` must be 1 to 255/],
    ['whose subject is a number', { sub: 5 as never }, /`sub` must be 1 to 255/],
    ['with a NUL in its subject', { sub: 'a\u0000b' }, /control characters/],
    ['with half a character in its subject', { sub: '\ud800' }, /`sub` must be/],
    ['that speaks for the viewer of everyone', { sub: 'local' }, /must not be `local`/],
  ])('%s is refused', async (_which, changes, reason) => {
    await expect(bySecret()(await sign(claims(changes)))).rejects.toMatchObject(refusal(reason));
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['by another secret', () => sign(claims(), { key: bytes('b'.repeat(40)) }), /not signed by the issuer/],
    ['by another algorithm', () => sign(claims(), { key: bytes('b'.repeat(64)), alg: 'HS512' }), /another algorithm/],
    ['not signed at all', async () => new UnsecuredJWT({}).setSubject('ada').encode(), /another algorithm|no JWT/],
    ['that is none', async () => 'a.b.c', /no JWT/],
    ['of no sense', async () => '…', /no JWT/],
  ])('%s is refused', async (_which, make, reason) => {
    await expect(bySecret()(await make())).rejects.toMatchObject(refusal(reason));
  });

  test('is for the issuer and the audience that are asked for', async () => {
    const verify = bySecret({ issuer: ISSUER, audience: AUDIENCE });
    expect(await verify(await sign(claims({ iss: ISSUER, aud: ['x', AUDIENCE] })))).toMatchObject({ viewerId: 'ada' });
    await expect(verify(await sign(claims({ iss: 'x', aud: AUDIENCE })))).rejects.toMatchObject(refusal(/`iss`/));
    await expect(verify(await sign(claims({ iss: ISSUER, aud: 'x' })))).rejects.toMatchObject(refusal(/`aud`/));
    await expect(verify(await sign(claims({ iss: ISSUER })))).rejects.toMatchObject(refusal(/lacks the claim `aud`/));
  });
});

describe('a token by AUTH_JWKS_URL', () => {
  let issuer: Issuer;
  const away: unknown[] = [];
  const byKeys = () =>
    createViewerTokens({
      keys: { jwksUrl: issuer.jwksUrl },
      issuer: null,
      audience: null,
      onKeysAway: (error) => away.push(error),
    });
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());

  test.each(['RS256', 'ES256', 'EdDSA'])('signed by %s is taken, also when it does not name its key', async (alg) => {
    const verify = byKeys();
    expect(await verify(await issuer.sign(claims(), alg))).toMatchObject({ viewerId: 'ada' });
    expect(await verify(await issuer.sign(claims(), alg, { named: false }))).toMatchObject({ viewerId: 'ada' });
  });

  test('signed by a public key taken for a secret is refused', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const key = bytes(JSON.stringify(await exportJWK(publicKey)));
    await expect(byKeys()(await sign(claims(), { key }))).rejects.toMatchObject(refusal(/another algorithm/));
  });

  test('signed by a stranger is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged = (kid?: string) =>
      sign(claims(), { key: privateKey, alg: 'ES256', ...(kid !== undefined && { kid }) });
    await expect(byKeys()(await forged('unknown'))).rejects.toMatchObject(refusal(/not signed by the issuer/));
    await expect(byKeys()(await forged())).rejects.toMatchObject(refusal(/not signed by the issuer/));
  });

  test.each([404, 500])(
    'cannot be checked while the keys answer %i: the client is told to come back',
    async (status) => {
      const verify = byKeys();
      const token = await issuer.sign(claims(), 'ES256');
      issuer.answerWith(status);
      away.length = 0;
      await expect(verify(token)).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        details: { retryAfterMs: 5_000 },
      });
      expect(away).toHaveLength(1);
      issuer.answerWith(0);
      expect(await verify(token)).toMatchObject({ viewerId: 'ada' });
    },
  );
});

test('what a refused token holds is not told', async () => {
  const token = await tokenOf('ada', -60);
  const error = await bySecret()(token).catch((reason: unknown) => reason);
  expect(JSON.stringify(error) + String(error)).not.toContain(token.slice(-20));
});
