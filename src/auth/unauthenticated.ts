import { errors } from 'jose';
import { RequestError } from '../orchestrator/errors.ts';

/** @param reason for the client, without a full stop; holds nothing of the token */
export function unauthenticated(reason: string): RequestError {
  return new RequestError('UNAUTHENTICATED', `${reason}.`);
}

/** What a client is told of a token that jose refused; it repeats nothing of it. */
export function refusedToken(error: unknown): RequestError {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired; get a new one');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (claim === 'nbf') return unauthenticated('The token is not valid yet (nbf)');
    const what = reason === 'missing' ? 'lacks the claim' : 'is not for this service: see the claim';
    return unauthenticated(`The token ${what} \`${claim}\``);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return unauthenticated('The token is signed with another algorithm');
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return unauthenticated('The token is not signed by the issuer of this service');
  }
  return unauthenticated('The token is no JWT that this service can read');
}
