import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { RequestError } from '../orchestrator/errors.ts';
import type { Caller, TokenIssuer } from '../orchestrator/ports/caller.ts';
import { refusedToken, unauthenticated } from './unauthenticated.ts';

export type ViewerTokenOptions = TokenIssuer & {
  /** The issuer's keys cannot be had. */
  onKeysAway: (error: unknown) => void;
};

/** The viewer of everyone where no tokens are asked for: a token cannot speak for it. */
export const LOCAL_VIEWER_ID = 'local';

/** Between the issuer's clock and ours. */
const CLOCK_TOLERANCE_S = 5;
const MAX_VIEWER_ID_LENGTH = 255;
/** Longest wait for the issuer's keys. */
const KEYS_WITHIN_MS = 5_000;
const KEYS_RETRY_AFTER_MS = 5_000;

/** Algorithms are pinned by what signs: a public key can never be taken for a secret. */
const SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

export type VerifyViewerToken = (token: string) => Promise<Caller>;

/**
 * Reads a viewer's token: `exp` and `sub` are required, `nbf` is respected, `sub` is the viewer's id.
 * @throws {RequestError} UNAUTHENTICATED; SERVICE_UNAVAILABLE while the issuer's keys cannot be had
 */
export function createViewerTokens({ keys, issuer, audience, onKeysAway }: ViewerTokenOptions): VerifyViewerToken {
  const options = {
    algorithms: 'secret' in keys ? SECRET_ALGORITHMS : PUBLIC_KEY_ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
    ...(issuer !== null && { issuer }),
    ...(audience !== null && { audience }),
  };
  const verify =
    'secret' in keys
      ? verifyBySecret(keys.secret, options)
      : verifyByPublicKey(createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: KEYS_WITHIN_MS }), options);
  return async (token) => {
    const payload = await verify(token).catch((error: unknown) => {
      if (!areKeysAway(error)) throw refusedToken(error);
      onKeysAway(error);
      const message = 'Tokens cannot be checked at the moment: the keys of their issuer are away. Please try again.';
      throw new RequestError('SERVICE_UNAVAILABLE', message, { retryAfterMs: KEYS_RETRY_AFTER_MS });
    });
    return callerOf(payload);
  };
}

type Verify = (token: string) => Promise<JWTPayload>;
type VerifyOptions = NonNullable<Parameters<typeof jwtVerify>[2]>;

function verifyBySecret(secret: string, options: VerifyOptions): Verify {
  const key = new TextEncoder().encode(secret);
  return async (token) => (await jwtVerify(token, key, options)).payload;
}

function verifyByPublicKey(keySet: JWTVerifyGetKey, options: VerifyOptions): Verify {
  return async (token) => {
    try {
      return (await jwtVerify(token, keySet, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return verifyByAnyOf(token, error, options);
    }
  };
}

/** A token that does not name its key, of an issuer that has several. */
async function verifyByAnyOf(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: VerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** jose's own errors have a code of what is wrong with the token; fetching fails with others, or with a bare one. */
function areKeysAway(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code].includes(error.code);
}

function callerOf({ sub, exp = 0 }: JWTPayload): Caller {
  // What the issuer signed is JSON, whatever its type says.
  if (
    typeof sub !== 'string' ||
    sub === '' ||
    sub.length > MAX_VIEWER_ID_LENGTH ||
    !sub.isWellFormed() ||
    /\p{Cc}/u.test(sub)
  ) {
    throw unauthenticated(
      `The claim \`sub\` must be 1 to ${MAX_VIEWER_ID_LENGTH} characters, without control characters`,
    );
  }
  if (sub === LOCAL_VIEWER_ID) throw unauthenticated(`The claim \`sub\` must not be \`${LOCAL_VIEWER_ID}\``);
  return { viewerId: sub, expiresAtMs: exp * 1_000 };
}
