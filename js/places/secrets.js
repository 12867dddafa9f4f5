// Finds what an excerpt must not show: reports may end up in logs.

const NAME =
  /(secret|token|passw(or)?d|passphrase|api[-_]?key|private[-_]?key|credentials?|signature|authorization|cookie|\bdpop|\bmac|\bhmac|\bsig)s?$/i;
// Only in traffic: in a manifest `key` and `code` are public.
const OF_TRAFFIC =
  /((^|[-_])(auth|hmac|jwt|mac|otp|pass|passwd|pin|pwd|session|sig|ticket|(?<!idempotency[-_])key)|^sid|[-_]sid|^code|auth[a-z]*[-_]?code|access[-_]?key([-_]?id)?|sess(ion)?[-_]?id|assertion|samlresponse)s?$/i;
const MAX_PLACES = 200;

// Credentials by their form; the first group is the credential. A short text followed by `=` or `":` is a name, such as
// `bot_id`.
const FORMS = [
  /(?<=\/\/)([^/?#"\s]+)@/g,
  /(?<=\/)(?<!:\/\/)([^/?#"\s]{33,})/g,
  /(?<=\/)((?:bot|gh[a-z]|pat|sat|sk)_[^/?#"\s]*)/gi,
  /(?<![a-z0-9])((?:bot|gh[a-z]|github_pat|pat|sat|sk|whsec)_(?:[\w.~+-]{6,}|[\w.~+-]{1,5}(?![\w.~+=-]|"\s*:))=*)/gi,
  /(?<![a-z0-9])(eyj[\w.~+=-]{5,}|sk-[\w-]{16,})/gi,
  /(?<![a-z0-9])(?:bearer|basic|dpop|token)[\s+]+([^"\s]+)/gi,
];
const EQUALS = /=(?<=([^\s"'?&;#,=/:(){}]{1,64})=)/g;
const MEMBER = /"([^"]{1,64})"\s*:\s*"([^"]*)/g;
const VALUE = /["']?[^&"\s]*/y;

/** Whether a member of a document with this name contains a secret. */
export function isSecretName(name) {
  return NAME.test(name);
}

/** Whether a header or parameter with this name, such as `user[pwd]`, contains a secret. */
export function isSecretParameter(name) {
  const plain = name.replace(/[.[\]]+/g, '_').replace(/_+$/, '');
  return NAME.test(plain) || OF_TRAFFIC.test(plain);
}

/** Ranges of credentials in any text of recorded traffic, in whatever escapes: a line, a URL, JSON in JSON. */
export function credentialRanges(text) {
  const found = [];
  let read = decoded({ text, origin: (offset) => offset }, /(?<!\\)\\+(?:u([0-9a-f]{4})|(["/bfnrt]))/gi);
  // Encoded text can be inside encoded text, such as a URL in a parameter. Two levels are decoded.
  for (let depth = 0; depth < 3; depth += 1) {
    for (const [start, end] of rangesOf(read.text)) found.push([read.origin(start), read.origin(end)]);
    const next = decoded(read, /%([0-9a-f]{2})/gi);
    if (next === read) break;
    read = next;
  }
  return found;
}

/** Sorts ranges and joins those that touch. */
export function merged(ranges) {
  const out = [];
  for (const [start, end] of ranges.toSorted((left, right) => left[0] - right[0])) {
    if (out.length > 0 && start < out.at(-1)[1]) out.at(-1)[1] = Math.max(out.at(-1)[1], end);
    else out.push([start, end]);
  }
  return out;
}

function* rangesOf(text) {
  for (const pattern of FORMS) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index + match[0].lastIndexOf(match[1]);
      yield [start, start + match[1].length];
    }
  }
  for (const match of text.matchAll(MEMBER)) {
    if (isSecretName(match[1])) yield [match.index + match[0].length - match[2].length, match.index + match[0].length];
  }
  let end = 0;
  for (const { index, 1: name } of text.matchAll(EQUALS)) {
    if (index < end || !isSecretParameter(name)) continue;
    VALUE.lastIndex = index + 1;
    end = index + 1 + VALUE.exec(text)[0].length;
    yield [index + 1, end];
  }
}

const ESCAPES = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The unescaped text, and the original offset of each of its characters. */
function decoded(read, pattern) {
  const [parts, starts, shifts] = [[], [0], [0]];
  let [from, length] = [0, 0];
  for (const { 0: whole, 1: hex, 2: letter, index } of read.text.matchAll(pattern)) {
    const character = hex ? String.fromCharCode(parseInt(hex, 16)) : (ESCAPES[letter] ?? letter);
    parts.push(read.text.slice(from, index), character);
    length += index - from + 1;
    from = index + whole.length;
    starts.push(length);
    shifts.push(from - length);
  }
  if (parts.length === 0) return read;
  const origin = (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return read.origin(offset + shifts[low]);
  };
  return { text: parts.join('') + read.text.slice(from), origin };
}

/** Ranges of a document's text to mask, or undefined if there are too many to find quickly. */
export function secretRanges({ value, locate }) {
  const pointers = [...secretPointers(value, '', value)];
  if (pointers.length > MAX_PLACES) return undefined;
  return pointers
    .map((pointer) => locate(pointer))
    .filter(({ exact }) => exact)
    .map((place) => place.value);
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

/** Whether a member of a node is a secret, by its name and what is beside it. @param object the Kubernetes object it is in */
export function isSecret(name, member, node, object) {
  if (member === null || typeof member === 'boolean') return false; // automountServiceAccountToken: true
  if (object?.kind === 'Secret' && (name === 'data' || name === 'stringData') && node === object) return true;
  if (object?.kind === 'EncryptionConfiguration' && name === 'keys') return true;
  // An environment variable: the name is next to the value.
  if (name === 'value' && typeof node.name === 'string' && isSecretName(node.name)) return true;
  return (
    isSecretName(name) &&
    (typeof member !== 'object' || Array.isArray(member) || /(secret|token|password)$/i.test(name))
  );
}
