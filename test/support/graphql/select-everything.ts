import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';

/**
 * Selects every field below a type; a type that repeats on a path is selected once in full. Lists are short, since the
 * cost of an operation is limited.
 */
export function selectEverything(type: GraphQLOutputType, path: readonly string[] = []): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values((named as GraphQLObjectType).getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    if (!isObjectType(target)) return [field.name];
    const call = field.args.some(({ name }) => name === 'first') ? `${field.name}(first: 2)` : field.name;
    if ([...path, named.name].includes(target.name)) return [`${call} { __typename }`];
    return [`${call} ${selectEverything(field.type, [...path, named.name])}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

/** The names of the fields of all object types, such as `Room.title`. */
export function fieldNames(schema: GraphQLSchema): string[] {
  const roots = ['Query', 'Mutation', 'Subscription'];
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type.name))
    .flatMap((type) => Object.keys((type as GraphQLObjectType).getFields()).map((field) => `${type.name}.${field}`));
}

/** The names of the fields in a response, such as `Room.title`. */
export function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, found);
  else if (typeof value === 'object' && value !== null) {
    const { __typename, ...fields } = value as Record<string, unknown>;
    for (const [name, inner] of Object.entries(fields)) {
      if (typeof __typename === 'string') found.add(`${__typename}.${name}`);
      namesIn(inner, found);
    }
  }
  return found;
}
