import { GraphQLError } from 'graphql';
import type { RequestErrorCode } from '../../orchestrator/errors.ts';

const CODE: RequestErrorCode = 'QUERY_TOO_COMPLEX';

/** @param message says what is too much, the bound, and what to do instead */
export const tooComplex = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: CODE, http: { status: 400, spec: true } } });
