// The value of a YAML scalar, as go-yaml v2 reads it for kubectl: YAML 1.1 without times and sexagesimals.

const WORDS = new Map(
  [
    [true, 'y Y yes Yes YES true True TRUE on On ON'],
    [false, 'n N no No NO false False FALSE off Off OFF'],
    [null, '~ null Null NULL'],
    [NaN, '.nan .NaN .NAN'],
    [Infinity, '.inf .Inf .INF +.inf +.Inf +.INF'],
    [-Infinity, '-.inf -.Inf -.INF'],
  ].flatMap(([value, words]) => words.split(' ').map((word) => [word, value])),
).set('', null);

const INTEGER = /^([-+]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const LONGEST = 80; // no integer of 64 bits is longer, but for zeros in front

/** The value of a scalar without quotes and without a tag. Some are numbers that JSON cannot represent. */
export function plainValue(source) {
  if (WORDS.has(source)) return WORDS.get(source);
  if (/^[-+\d]/.test(source)) return integer(source) ?? float(source.replaceAll('_', '')) ?? source;
  if (/^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/.test(source)) return float(source.replaceAll('_', '')) ?? source;
  return source;
}

/** The value of a scalar with a tag of YAML's own, such as `!!int`; undefined where the text is none. */
export function taggedValue(tag, text) {
  if (tag === 'str') return text;
  if (tag === 'int') return integer(text);
  const value = plainValue(text);
  const kind = value === null ? 'null' : { boolean: 'bool', number: 'float' }[typeof value];
  return kind === tag ? value : undefined;
}

/** Whether a scalar without quotes is an integer. */
export function isInteger(source) {
  return integer(source) !== undefined;
}

function integer(source) {
  const text = source.replaceAll('_', '').replace(/^0b([-+])/, '$10b'); // `0b-1` is -1
  const [, sign, digits] = INTEGER.exec(text) ?? [];
  if (digits === undefined || digits.length > LONGEST) return undefined;
  const size = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
  if (size > (sign === '' ? 2n ** 64n - 1n : sign === '+' ? 2n ** 63n - 1n : 2n ** 63n)) return undefined;
  return sign === '-' ? 0 - Number(size) : Number(size);
}

function float(text) {
  const value = FLOAT.test(text) ? Number(text) : Infinity;
  return Number.isFinite(value) ? value : undefined;
}
