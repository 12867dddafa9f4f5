// What a contract document needs beside itself: files and keys.

/** Every file that a contract names: under `schema`, `schemas` and `policy`, on any level but inside a schema. */
export function* fileNames(node) {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'schema' && typeof value === 'string') yield value;
    else if (key === 'schemas' && typeof value === 'object' && value)
      yield* Object.values(value).filter((item) => typeof item === 'string');
    else if (key === 'policy') yield* policyFiles(value);
    else if (key !== 'schema' && key !== 'schemas') yield* fileNames(value);
  }
}

function* policyFiles(value) {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item === 'string') yield item;
    else if (typeof item?.file === 'string' && item.text === undefined) yield item.file;
  }
}

/** Would keys be used? */
export function takesKeys({ signature }) {
  return Boolean(signature?.key) && !isKeyless(signature);
}

/** A digest of public things alone. */
function isKeyless({ key, signed }) {
  return /^digest-/.test(key.algorithm) && !holdsSecret(signed);
}

function holdsSecret(segments) {
  return (
    Array.isArray(segments) &&
    segments.some((segment) => segment?.secret !== undefined || holdsSecret(segment?.optional))
  );
}
