import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Caller, TokenIssuer } from '../orchestrator/ports/caller.ts';
import { RequestError } from '../orchestrator/request-error.ts';
import { rejectedToken, unauthenticated } from './unauthenticated.ts';

export type ViewerTokenOptions = TokenIssuer & {
  /** Called when the issuer's keys cannot be fetched. */
  onKeysUnavailable: (error: unknown) => void;
};

/** The viewer of every caller if no tokens are required. A token cannot name this viewer. */
export const LOCAL_VIEWER_ID = 'local';

/** Allowed difference between the issuer's clock and the local one. */
const CLOCK_TOLERANCE_S = 5;
const MAX_VIEWER_ID_LENGTH = 255;
const KEYS_TIMEOUT_MS = 5_000;
const KEYS_RETRY_AFTER_MS = 5_000;

/** The algorithms depend on the kind of key, so that a public key can never be used as a secret. */
const SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

export type VerifyViewerToken = (token: string) => Promise<Caller>;

/**
 * Verifies viewer tokens. `exp` and `sub` are required, `nbf` is respected, and `sub` is the viewer's id.
 * @throws {RequestError} UNAUTHENTICATED; SERVICE_UNAVAILABLE while the issuer's keys cannot be fetched
 */
export function createViewerTokens({
  keys,
  issuer,
  audience,
  onKeysUnavailable,
}: ViewerTokenOptions): VerifyViewerToken {
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
      : verifyByPublicKey(createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: KEYS_TIMEOUT_MS }), options);
  return async (token) => {
    const payload = await verify(token).catch((error: unknown) => {
      if (!areKeysUnavailable(error)) throw rejectedToken(error);
      onKeysUnavailable(error);
      const message = "Tokens cannot be verified right now: the issuer's keys are unavailable. Try again later.";
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
      return verifyByAnyKey(token, error, options);
    }
  };
}

/** For a token that does not name its key, from an issuer with several keys. */
async function verifyByAnyKey(
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

/** jose's errors about a token have specific codes. Fetching the keys fails with other errors, or with a generic code. */
function areKeysUnavailable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code].includes(error.code);
}

function callerOf({ sub, exp = 0 }: JWTPayload): Caller {
  // The type is not checked at run time: the issuer may have signed any JSON.
  if (
    typeof sub !== 'string' ||
    sub === '' ||
    sub.length > MAX_VIEWER_ID_LENGTH ||
    !sub.isWellFormed() ||
    /\p{Cc}/u.test(sub)
  ) {
    throw unauthenticated(
      `The \`sub\` claim must be a string of 1 to ${MAX_VIEWER_ID_LENGTH} characters without control characters`,
    );
  }
  if (sub === LOCAL_VIEWER_ID) throw unauthenticated(`The \`sub\` claim must not be \`${LOCAL_VIEWER_ID}\``);
  return { viewerId: sub, expiresAtMs: exp * 1_000 };
}
