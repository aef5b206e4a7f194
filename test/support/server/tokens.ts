import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** For AUTH_JWT_SECRET. */
export const SECRET = 'a secret that is at least 32 bytes long';

export const nowS = (): number => Math.floor(Date.now() / 1_000);

type Key = CryptoKey | Uint8Array;

/** Signs any claims; those that are undefined are left out. */
export async function sign(
  claims: JWTPayload,
  { key = new TextEncoder().encode(SECRET), alg = 'HS256', kid }: { key?: Key; alg?: string; kid?: string } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
}

/** A valid token signed with SECRET, by default for an hour. */
export const tokenOf = (viewerId: string, ttlSeconds = 3_600): Promise<string> =>
  sign({ sub: viewerId, exp: nowS() + ttlSeconds });

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

export type Issuer = {
  jwksUrl: string;
  /** Signs with one of the published keys. By default the token names the key. */
  sign(claims: JWTPayload, alg: string, options?: { named?: boolean }): Promise<string>;
  /** Sets the status of the key set's response; 0 stands for 200. */
  answerWith(status: number): void;
  close(): Promise<void>;
};

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** A token issuer that publishes its keys over HTTP. */
export async function startIssuer(): Promise<Issuer> {
  let status = 0;
  const keys = await makeKeys();
  const server = createServer((_req, res) => {
    res.writeHead(status || 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`,
    sign(claims, alg, { named = true } = {}) {
      const found = keys.find((key) => key.alg === alg);
      if (found === undefined) throw new Error(`no key for ${alg}`);
      return sign(claims, { key: found.privateKey, alg, ...(named && { kid: found.kid }) });
    },
    answerWith: (code) => {
      status = code;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Two keys for each algorithm: a token that names no key may be signed by either. */
async function makeKeys() {
  return Promise.all(
    [...ALGORITHMS, ...ALGORITHMS].map(async (alg, index) => {
      const kid = `key-${index}`;
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, kid, use: 'sig' } };
    }),
  );
}
