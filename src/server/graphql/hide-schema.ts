import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Plugins for a server without introspection. Validation errors suggest no names; createErrorMask covers execution. */
export const hideSchema: readonly Plugin[] = [
  { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) },
  {
    onValidate:
      () =>
      ({ result, setResult }) =>
        setResult(result.map((error) => withoutSuggestion(error as GraphQLError))),
  },
];

/** GraphQL's suggestions contain names of the schema. */
const SUGGESTION = / Did you mean [^?]*\?/g;

export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '');
  if (message === error.message) return error;
  const { nodes = null, source = null, path = null, positions = null, originalError = null, extensions } = error;
  return new GraphQLError(message, { nodes, source, path, positions, originalError, extensions });
}
