import { errors } from 'jose';
import { RequestError } from '../orchestrator/request-error.ts';

/** @param reason for the client, without a full stop; must not contain any part of the token */
export function unauthenticated(reason: string): RequestError {
  return new RequestError('UNAUTHENTICATED', `${reason}.`);
}

/** The error for a token that jose rejected. It repeats nothing of the token. */
export function rejectedToken(error: unknown): RequestError {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired; get a new one');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (reason === 'missing') return unauthenticated(`The token has no \`${claim}\` claim`);
    if (claim === 'nbf') return unauthenticated('The token is not valid yet (`nbf`)');
    return unauthenticated(`The token is not meant for this service: its \`${claim}\` claim is not accepted`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return unauthenticated('The token is signed with an algorithm that is not accepted');
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return unauthenticated('The token is not signed by the issuer that this service trusts');
  }
  return unauthenticated('The token is not a valid JWT');
}
