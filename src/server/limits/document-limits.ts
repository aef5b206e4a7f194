import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import { type DocumentNode, GraphQLError, type ValidationContext, type ValidationRule, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestErrorCode } from '../../orchestrator/errors.ts';

const CODE: RequestErrorCode = 'QUERY_TOO_COMPLEX';

/** @param message says what is too much, the bound, and what to do instead */
export const tooComplex = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: CODE, http: { status: 400, spec: true } } });

/** What one document may hold. Generous: what a front-end asks for stays far below. */
export const DOCUMENT_LIMITS = {
  /** In UTF-16 units; room for the longest user input written into it. */
  length: 100_000,
  tokens: 2_000,
  /** Levels of fields; fragments count for nothing. viewer → rooms → workflows → steps → attempts are ten. */
  depth: 12,
  aliases: 30,
  directives: 30,
  /** Fields of one name. Validation looks at each pair of them that could meet, so that it costs their square. */
  repetitions: 200,
};

const count = (number: number) => number.toLocaleString('en');

/**
 * Refuses a document that costs much to read, before it is parsed or while it is validated, with QUERY_TOO_COMPLEX:
 * what is too much, the bound, and what to do.
 */
export function limitDocuments(limits = DOCUMENT_LIMITS): Plugin {
  const rules = [
    maxDepthRule({
      n: limits.depth,
      flattenFragments: true,
      ...refusing(
        `The query is nested more than ${limits.depth} levels deep. Ask for its inner part in a query of its own.`,
      ),
    }),
    maxAliasesRule({
      n: limits.aliases,
      allowList: [],
      ...refusing(`The query has more than ${limits.aliases} aliases. Send it in several parts.`),
    }),
    maxDirectivesRule({
      n: limits.directives,
      ...refusing(`The query has more than ${limits.directives} directives. Send it in several parts.`),
    }),
  ];
  return {
    onParse({ params, setParseFn }) {
      if (String(params.source).length > limits.length) {
        const length = count(limits.length);
        throw tooComplex(`The query is longer than ${length} characters. Send large values as variables.`);
      }
      setParseFn((source, options) => {
        const message = `The query has more than ${count(limits.tokens)} tokens. Send it in several parts.`;
        const refuse = () => {
          throw tooComplex(message);
        };
        const parser = new MaxTokensParserWLexer(source, { ...options, n: limits.tokens, onReject: [refuse] });
        const document = parser.parseDocument();
        refuseRepetitions(document, limits.repetitions);
        return document;
      });
    },
    onValidate({ addValidationRule }) {
      for (const rule of rules) addValidationRule(rule as unknown as ValidationRule);
    },
  };
}

function refuseRepetitions(document: DocumentNode, most: number): void {
  const counts = new Map<string, number>();
  visit(document, {
    Field({ alias, name }) {
      const key = alias?.value ?? name.value;
      const times = (counts.get(key) ?? 0) + 1;
      if (times > most) {
        throw tooComplex(`The query asks for \`${key}\` more than ${most} times. Ask once, or in several queries.`);
      }
      counts.set(key, times);
    },
  });
}

/** The plug-ins throw otherwise, which would hide what else is wrong with the query. */
function refusing(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(tooComplex(message))],
  };
}
