// What an excerpt must not show: the user's own file goes through a log on its way to a screen.

const NAME = /(secret|token|passw(or)?d|passphrase|api[-_]?key|private[-_]?key|credentials?|signature|authorization|cookie|\bdpop|\bmac|\bhmac|\bsig)s?$/i;
const MAX_PLACES = 200;
// Credentials by what stands before them: a parameter's name (some writers escape the ampersand), a scheme, a known beginning.
const IN_TEXT = [
  /(?:[?&;]|\\u0026)([^=&#"\\\s]{1,64})=([^&#"\\\s]+)/g,
  /()\b(?:bearer|basic|dpop|token)\s+([^"\\\s]+)/gi,
  /()\b((?:bot|pat|sat|sk)_[A-Za-z0-9_-]{6,})/g,
];

/** Is a member, header or parameter of this name a secret's place? */
export function isSecretName(name) {
  return NAME.test(name);
}

/** Ranges of credentials within running text, such as a URL's. */
export function credentialRanges(text) {
  return IN_TEXT.flatMap((pattern) => {
    const matches = [...text.matchAll(pattern)].filter(([, name]) => name === '' || isSecretName(name));
    return matches.map((match) => [match.index + match[0].length - match[2].length, match.index + match[0].length]);
  });
}

/** Ranges of a document's text to mask; undefined when there are too many to find quickly. */
export function secretRanges({ value, locate }) {
  const pointers = [...secretPointers(value, '', value)];
  if (pointers.length > MAX_PLACES) return undefined;
  return pointers.map((pointer) => locate(pointer)).filter(({ exact }) => exact).map((place) => place.value);
}

function* secretPointers(node, pointer, object) {
  if (node === null || typeof node !== 'object') return;
  const kind = Array.isArray(node) ? undefined : node.kind;
  const inside = typeof kind === 'string' && typeof node.apiVersion === 'string' ? node : object;
  for (const [name, member] of Object.entries(node)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (isSecret(name, member, node, inside)) yield at;
    else yield* secretPointers(member, at, inside);
  }
}

function isSecret(name, member, node, object) {
  if (member === null || typeof member === 'boolean') return false; // automountServiceAccountToken: true
  if (object?.kind === 'Secret' && (name === 'data' || name === 'stringData') && node === object) return true;
  if (object?.kind === 'EncryptionConfiguration' && name === 'keys') return true;
  // An environment variable: the name stands beside the value.
  if (name === 'value' && typeof node.name === 'string' && isSecretName(node.name)) return true;
  return isSecretName(name) && (typeof member !== 'object' || Array.isArray(member) || /(secret|token|password)$/i.test(name));
}
