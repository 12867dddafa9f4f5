// What a contract document needs: files and keys.

/** Every file that a contract names: under `schema`, `schemas` and `policy`, at any level except inside a schema. */
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

/** Whether the contract uses keys. */
export function takesKeys({ signature }) {
  return Boolean(signature?.key) && !isKeyless(signature);
}

/** Whether the signature is a digest of only public data. */
function isKeyless({ key, signed }) {
  return /^digest-/.test(key.algorithm) && !holdsSecret(signed);
}

function holdsSecret(segments) {
  return (
    Array.isArray(segments) &&
    segments.some((segment) => segment?.secret !== undefined || holdsSecret(segment?.optional))
  );
}
