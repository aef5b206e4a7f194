import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** GraphQL's own guesses at what was meant, which would tell names of a schema that is not shown. */
const SUGGESTION = / Did you mean [^?]*\?/g;

/** The same error without the guess. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '');
  if (message === error.message) return error;
  const { nodes = null, source = null, path = null, positions = null, originalError = null, extensions } = error;
  return new GraphQLError(message, { nodes, source, path, positions, originalError, extensions });
}

/** For what is found wrong before anything is executed; the mask does it for what is found later. */
export const hideSuggestions: Plugin = {
  onValidate:
    () =>
    ({ result, setResult }) =>
      setResult(result.map((error) => withoutSuggestion(error as GraphQLError))),
};
