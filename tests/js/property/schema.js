// JSON Schemas as the generator and the walker read them. A source is a schema with the document that its references
// start from, and the place where it stands: { schema, root, where }. A keyword that is not known here stops the test.

const KNOWN = new Set([
  'type',
  'enum',
  'const',
  'anyOf',
  'required',
  'properties',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);
// Of `if`, `then` and `else` a contract's description speaks: it keeps the condition off, and a slip meets it.
const HARMLESS = new Set([
  'if',
  'then',
  'else',
  '$schema',
  '$id',
  '$defs',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
]);
const ALL_TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

export const source = (schema, root, where) => ({ schema, root, where });

/** The same sources with references and `allOf` followed. */
export function plain(sources) {
  return sources.flatMap(({ schema, root, where }) => {
    if (typeof schema === 'boolean') return schema ? [] : [source(schema, root, where)];
    const { $ref, allOf = [], ...own } = schema;
    for (const keyword of Object.keys(own)) {
      if (!KNOWN.has(keyword) && !HARMLESS.has(keyword))
        throw new Error(`${where}: teach tests/js/property the keyword \`${keyword}\``);
    }
    const referred = $ref === undefined ? [] : [refer($ref, root)];
    return [
      source(own, root, where),
      ...plain([...referred, ...allOf.map((inner, index) => source(inner, root, `${where}/allOf/${index}`))]),
    ];
  });
}

function refer(reference, root) {
  const [address, fragment = ''] = reference.split('#');
  const target = address === '' ? root : root.others.get(address);
  if (!target) throw new Error(`${root.name}: \`${reference}\` leads nowhere`);
  const schema = fragment
    .split('/')
    .slice(1)
    .reduce((inner, token) => inner[token], target.document);
  return source(schema, target, `${target.name}#${fragment}`);
}

/** What judges a member, among plain sources. */
export function member(sources, name) {
  return sources.flatMap(({ schema, root, where }) => {
    if (Object.hasOwn(schema.properties ?? {}, name))
      return [source(schema.properties[name], root, `${where}/properties/${name}`)];
    return schema.additionalProperties === undefined
      ? []
      : [source(schema.additionalProperties, root, `${where}/additionalProperties`)];
  });
}

export const items = (sources) =>
  sources.flatMap(({ schema, root, where }) =>
    schema.items === undefined ? [] : [source(schema.items, root, `${where}/items`)],
  );

/** The types that one `type` allows; an integer is a number. */
export function allowed(type) {
  const listed = [type ?? ALL_TYPES].flat();
  return ALL_TYPES.filter((one) => listed.includes(one) || (one === 'integer' && listed.includes('number')));
}

export const types = (sources) =>
  ALL_TYPES.filter((one) => sources.every(({ schema }) => allowed(schema.type).includes(one)));

export function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Every value that `enum` and `const` leave, or nothing where neither stands. */
export function listed(sources) {
  const lists = sources
    .flatMap(({ schema }) => [schema.enum, 'const' in schema ? [schema.const] : undefined])
    .filter(Boolean);
  const among = (value) => (list) => list.some((one) => JSON.stringify(one) === JSON.stringify(value));
  return lists.length === 0
    ? undefined
    : lists[0].filter((value) => types(sources).includes(typeOf(value)) && lists.every(among(value)));
}

/** Every rule that a schema states, by where it stands: each must be broken once. */
export function rules({ schema, root, where }, found = new Set()) {
  for (const { schema: own, where: here, root: from } of plain([source(schema, root, where)])) {
    for (const keyword of Object.keys(own)) {
      if (keyword === 'required') own.required.forEach((name) => found.add(`${here} required ${name}`));
      else if (keyword === 'properties')
        Object.keys(own.properties).forEach((name) =>
          rules(source(own.properties[name], from, `${here}/properties/${name}`), found),
        );
      else if (keyword === 'items') rules(source(own.items, from, `${here}/items`), found);
      else if (keyword === 'additionalProperties' && typeof own[keyword] === 'object')
        rules(source(own[keyword], from, `${here}/${keyword}`), found);
      else if (KNOWN.has(keyword)) found.add(`${here} ${keyword}`);
    }
  }
  return found;
}
