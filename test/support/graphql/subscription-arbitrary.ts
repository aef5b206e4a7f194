import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/*
 * Generates operations from a schema: any fields and arguments, with aliases, both kinds of fragments, and directives.
 * They are valid, except for values that a resolver may reject.
 */

type Piece = { text: string; fragments: string[]; variables: string[] };

/** Variables for directives. An operation declares those that it uses. */
const CONDITIONS: Record<string, string> = {
  $yes: 'Boolean = true',
  $no: 'Boolean! = false',
  $given: 'Boolean!',
};

const join = (pieces: readonly Piece[], text: (texts: string[]) => string): Piece => ({
  text: text(pieces.map((piece) => piece.text)),
  fragments: pieces.flatMap(({ fragments }) => fragments),
  variables: pieces.flatMap(({ variables }) => variables),
});
const plain = (text: string): Piece => ({ text, fragments: [], variables: [] });

const directive: Arbitrary<Piece> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(plain('')) },
  fc
    .tuple(fc.constantFrom('include', 'skip'), fc.constantFrom('true', 'false', ...Object.keys(CONDITIONS)))
    .map(([name, value]) => ({
      ...plain(` @${name}(if: ${value})`),
      variables: value.startsWith('$') ? [value] : [],
    })),
);

function literal(argument: GraphQLArgument): Arbitrary<string> {
  const type = getNamedType(argument.type);
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    const one = fc.constantFrom(...names);
    const isList = isListType(isNonNullType(argument.type) ? argument.type.ofType : argument.type);
    return isList ? fc.array(one, { maxLength: 2 }).map((list) => `[${list.join(', ')}]`) : one;
  }
  return type.name === 'Int' ? fc.integer({ min: 1, max: 3 }).map(String) : fc.constant('null');
}

function argumentsOf(field: GraphQLField<unknown, unknown>): Arbitrary<string> {
  if (field.args.length === 0) return fc.constant('');
  const one = (argument: GraphQLArgument) => literal(argument).map((value) => `${argument.name}: ${value}`);
  return fc
    .subarray([...field.args], { maxLength: 2 })
    .chain((chosen) =>
      chosen.length === 0 ? fc.constant('') : fc.tuple(...chosen.map(one)).map((all) => `(${all.join(', ')})`),
    );
}

/** A selection of a type. A field without an alias has no arguments, so that fields of one name can be merged. */
function selection(type: GraphQLObjectType, depth: number): Arbitrary<Piece> {
  const fields = Object.values(type.getFields()).filter(
    (field) => depth > 0 || !isObjectType(getNamedType(field.type)),
  );
  if (fields.length === 0) return fc.constant(plain(' { __typename }'));
  const field = fc.constantFrom(...fields).chain((field) => {
    const target = getNamedType(field.type);
    const inner = isObjectType(target) ? selection(target, depth - 1) : fc.constant(plain(''));
    return fc.tuple(fc.nat(1_000_000), argumentsOf(field), directive, inner).map(([n, args, condition, below]) => {
      const isLeaf = args === '' && below.text === '';
      const alias = isLeaf && n % 2 === 0 ? '' : `a${n}: `;
      return join([condition, below], ([on, selected]) => `${alias}${field.name}${args}${on}${selected}`);
    });
  });
  const item: Arbitrary<Piece> = fc.oneof(
    { weight: 6, arbitrary: field },
    { weight: 1, arbitrary: fc.constant(plain('__typename')) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(directive, field, fc.constantFrom('', ` on ${type.name}`))
        .map(([condition, inner, on]) => join([condition, inner], ([when, text]) => `...${on}${when} { ${text} }`)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(directive, field, fc.nat(1_000_000)).map(([condition, inner, n]) => ({
        ...join([condition, inner], ([when]) => `...F${n}${when}`),
        fragments: [...inner.fragments, `fragment F${n} on ${type.name} { ${inner.text} }`],
      })),
    },
  );
  return fc
    .array(item, { minLength: 1, maxLength: 5 })
    .map((items) => join(items, (texts) => ` { ${texts.join(' ')} }`));
}

/**
 * A subscription to a field.
 * @param root the field's arguments as text (`roomId: $roomId`) and the declarations of their variables (`$roomId: ID!`)
 */
export function subscription(
  schema: GraphQLSchema,
  name: string,
  root: { args: string; variables: readonly string[] },
  depth = 2,
): Arbitrary<{ query: string; given: boolean }> {
  const type = getNamedType(schema.getSubscriptionType()?.getFields()[name]?.type);
  if (!isObjectType(type)) throw new Error(`no subscription to ${name}`);
  return fc
    .tuple(selection(type, depth), fc.constantFrom('', 'all: '), fc.boolean(), fc.boolean())
    .map(([selected, alias, isInFragment, given]) => {
      const conditions = [...new Set(selected.variables)].map((variable) => `${variable}: ${CONDITIONS[variable]}`);
      const declared = [...root.variables, ...conditions].join(', ');
      const field = `${alias}${name}(${root.args})${selected.text}`;
      const fragments = [...new Set(selected.fragments)];
      if (isInFragment) fragments.push(`fragment Root on Subscription { ${field} }`);
      const head = `subscription Watch${declared === '' ? '' : `(${declared})`}`;
      return { query: `${head} { ${isInFragment ? '...Root' : field} } ${fragments.join(' ')}`, given };
    });
}
