// JSON Pointers, and copies of a document with one place changed.

const tokens = (pointer) =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
const own = (value, token) => typeof value === 'object' && value !== null && Object.hasOwn(value, token);

export const below = (at, token) => `${at}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Whether one of the two pointers leads to or through the other. */
export const overlap = (a, b) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

export function get(value, pointer) {
  for (const token of tokens(pointer)) {
    if (!own(value, token)) return undefined;
    value = value[token];
  }
  return value;
}

/** A copy with `value` at the pointer, or without what stands there. */
export function changed(document, pointer, value) {
  if (pointer === '') return value;
  const copy = structuredClone(document);
  const path = tokens(pointer);
  const last = path.pop();
  const parent = path.reduce((inner, token) => inner[token], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** A schema of what stands at the pointer; with `required`, something must. */
export function schemaAt(pointer, schema, required = true) {
  return tokens(pointer).reduceRight((inner, token) => {
    const outer = { properties: { [token]: inner } };
    return required ? { type: 'object', required: [token], ...outer } : outer;
  }, schema);
}
