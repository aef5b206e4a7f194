import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import { type DocumentNode, GraphQLError, type ValidationContext, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestErrorCode } from '../../orchestrator/request-error.ts';

/** What one document may hold. A front-end's queries stay far below these limits. */
export const DOCUMENT_LIMITS = {
  /** In UTF-16 code units; leaves room for the longest user input written into the document. */
  length: 100_000,
  tokens: 2_000,
  /** Nested fields; fragments do not count. viewer → rooms → workflows → steps → attempts are ten levels. */
  depth: 12,
  aliases: 30,
  directives: 30,
  /** Fields with the same name. Validation compares each pair of them, so its cost grows with their square. */
  repetitions: 200,
};

const CODE: RequestErrorCode = 'QUERY_TOO_COMPLEX';

/** @param message names the limit, its value, and what to do instead */
export const tooComplex = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: CODE, http: { status: 400, spec: true } } });

/** Refuses documents that are expensive to parse or validate with QUERY_TOO_COMPLEX, before that cost arises. */
export function limitDocuments(limits = DOCUMENT_LIMITS): Plugin {
  const rules = [
    maxDepthRule({
      n: limits.depth,
      flattenFragments: true,
      ...reportAs(tooMany('levels of nesting', limits.depth, 'Request the inner part in a separate query.')),
    }),
    maxAliasesRule({ n: limits.aliases, allowList: [], ...reportAs(tooMany('aliases', limits.aliases, SPLIT)) }),
    maxDirectivesRule({ n: limits.directives, ...reportAs(tooMany('directives', limits.directives, SPLIT)) }),
  ];
  const tooLong = tooMany('characters', limits.length, 'Send large values as variables.');
  const tooManyTokens = tooMany('tokens', limits.tokens, SPLIT);
  return {
    onParse({ params, setParseFn }) {
      if (String(params.source).length > limits.length) throw tooComplex(tooLong);
      setParseFn((source, options) => {
        const refuse = () => {
          throw tooComplex(tooManyTokens);
        };
        const parser = new MaxTokensParserWLexer(source, { ...options, n: limits.tokens, onReject: [refuse] });
        const document = parser.parseDocument();
        refuseRepetitions(document, limits.repetitions);
        return document;
      });
    },
    onValidate({ addValidationRule }) {
      for (const rule of rules) addValidationRule(rule);
    },
  };
}

const SPLIT = 'Split it into several queries.';

const tooMany = (what: string, max: number, advice: string) =>
  `Query too complex: at most ${max.toLocaleString('en')} ${what} are allowed. ${advice}`;

function refuseRepetitions(document: DocumentNode, max: number): void {
  const counts = new Map<string, number>();
  visit(document, {
    Field({ alias, name }) {
      const key = alias?.value ?? name.value;
      const count = (counts.get(key) ?? 0) + 1;
      if (count > max) {
        throw tooComplex(tooMany(`selections of \`${key}\``, max, 'Select it once, or split the query.'));
      }
      counts.set(key, count);
    },
  });
}

/** Options for a rule of graphql-armor. By default it throws, which would hide all other validation errors. */
function reportAs(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(tooComplex(message))],
  };
}
