// Bodies that break careless code: the same ones in every run.

const PIECES = [
  '我要退款',
  '😀',
  '👩‍👩‍👧',
  'é',
  'e\u0301',
  'ﬀ',
  '～',
  '\u2028',
  '\u2029',
  '\u0000',
  '\u007f',
  '\u00a0',
  '\ufeff',
  '\ufffd',
  '\r\n',
  '\n',
  '\r',
  '\t',
  ' ',
  '$&',
  '$$',
  "$'",
  '$1',
  '%s',
  '%00',
  '%E2%82',
  '+',
  '&',
  '=',
  ';',
  ',',
  '.',
  ':',
  '|',
  '#',
  '?',
  '"',
  "'",
  '`',
  '\\',
  '\\u0061',
  '\\/',
  '\\n',
  '{"a":1}',
  '[',
  ']',
  '</script>',
  '0',
  '17',
  '-1e400',
  'null',
  'v1=',
  'whsec_',
  'a',
];
const BROKEN = [
  [0xff],
  [0xc3],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f, 0x98],
  [0x80],
  [0xfe, 0xff],
  [0xef, 0xbb],
];

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = (random, list) => list[Math.floor(random() * list.length)];

/** A text of one piece or many. It never begins with a byte order mark: what SDKs do with that is tested apart. */
export function text(random) {
  const count = 1 + Math.floor(random() ** 3 * 60);
  return (
    Array.from({ length: count }, () => pick(random, PIECES))
      .join('')
      .replace(/^\ufeff+/, '') || 'a'
  );
}

/** JSON in which a text stands, with line breaks around it that a careless reader trims. */
export function json(random) {
  const before = pick(random, ['', '\r\n', ' ']);
  const value = JSON.stringify(text(random));
  return `${before}{"id":"1","type":"a.b","text":${value}}${pick(random, ['', '\n', '\r\n'])}`;
}

/** Bytes that are no UTF-8, between bytes that are. */
export function bytes(random) {
  return Buffer.concat(
    [text(random), text(random)].flatMap((part) => [Buffer.from(part), Buffer.from(pick(random, BROKEN))]),
  );
}

/**
 * A form: names as senders have them and any values. Of values that share a name the first byte decides the order, for
 * beyond ASCII JavaScript sorts by UTF-16 units, and bytes are in the order of code points.
 */
export function form(random) {
  const names = ['Body', 'CallSid', 'From', 'a', 'B', 'MediaUrl0', 'to', '10', '9', 'A[b]', 'ä'];
  const pairs = Array.from({ length: 1 + Math.floor(random() * 8) }, () => [
    pick(random, names),
    random() < 0.1 ? '' : text(random),
  ]);
  for (const [index, pair] of pairs.entries()) {
    const shared = pairs.some((other, place) => place !== index && other[0] === pair[0]);
    if (shared) pair[1] = pick(random, ['', 'x', 'x', `${index}${pair[1]}`]);
  }
  return new URLSearchParams(pairs).toString();
}
