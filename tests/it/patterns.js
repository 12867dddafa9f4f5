// `node tests/it/patterns.js` writes patterns.json: what Node's RegExp with the `u` flag answers for generated patterns and
// subjects, from a fixed seed: a pattern, the subjects that match and those that do not; null where it is no pattern.
import { writeFileSync } from 'node:fs';
let seed = 20261130;
const random = (n) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
};
const pick = (list) => list[random(list.length)];
const LETTERS = [
  'a',
  'b',
  'Z',
  '0',
  '9',
  '_',
  '-',
  'é',
  'ß',
  'λ',
  '中',
  '😀',
  ' ',
  '\t',
  '\n',
  '\r',
  '\u2028',
  '\u2029',
  '\u00a0',
  '\ufeff',
  '\u0085',
  '\v',
  '\f',
  '\u0001',
  '.',
  '/',
  'k',
  'K',
  'ſ',
  '٣',
  '\u180e',
  ']',
  '[',
  '^',
  '$',
  '&',
  '~',
  '\b',
  '\0',
];
const literal = (c) => (/[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);
const hex = (c, n) => c.codePointAt(0).toString(16).padStart(n, '0');
const ATOMS = [
  '.',
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\n',
  '\\r',
  '\\t',
  '\\v',
  '\\f',
  '\\0',
  '\\cA',
  '\\cj',
  '\\x41',
  '\\u0062',
  '\\u{1F600}',
  '\\uD83D\\uDE00',
  '\\u{62}',
  '\\/',
  '\\.',
  '\\-',
  '[^]',
  '[]',
  '\\p{L}',
  '\\P{Lu}',
  '\\p{Script=Greek}',
  '\\u2028',
];
const item = () => {
  const c = pick(LETTERS);
  return pick([
    () => (/[\\\]^[-]/.test(c) ? `\\${c}` : c),
    () => `\\u{${hex(c, 1)}}`,
    () => pick(['\\d', '\\w', '\\s', '\\W', '\\S', '\\b', '\\-', '\\]', '-', '\\cA', '&&', '~~', '[', '\\p{L}']),
  ])();
};
const range = () =>
  pick(['a-z', '0-9', 'A-Z', '\\x00-\\x1f', '\\u{0}-\\u{10FFFF}', 'é-λ', '!-~', '+--', 'z-a', '\\d-z']);
const klass = () =>
  `[${random(3) ? '' : '^'}${Array.from({ length: random(4) }, () => (random(3) ? item() : range())).join('')}]`;
const quantifier = () =>
  pick(['', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?', '??', '{1,2}?', '**', '{2,1}', '{,2}']);
const term = (depth) => {
  const kind = random(20);
  if (kind < 2) return pick(['^', '$']) + (random(15) ? '' : quantifier());
  if (kind < 4) return `\\b${random(15) ? '' : quantifier()}`;
  if (kind < 9) return literal(pick(LETTERS)) + quantifier();
  if (kind < 13) return pick(ATOMS) + quantifier();
  if (kind < 16) return klass() + quantifier();
  if (kind < 18 && depth < 3)
    return `${pick(['(', '(?:', `(?<n${counter++}>`])}${alternatives(depth + 1)})${quantifier()}`;
  return pick(['a', 'b', '0', '_', 'é']) + quantifier();
};
let counter = 0;
const sequence = (depth) => Array.from({ length: random(4) + (depth ? 0 : 1) }, () => term(depth)).join('');
const alternatives = (depth = 0) => Array.from({ length: random(5) ? 1 : 2 }, () => sequence(depth)).join('|');
const subject = () => Array.from({ length: random(5) }, () => pick(LETTERS)).join('');
const FIXED = [
  '^*a',
  '$+',
  'a**',
  'a{',
  '}',
  ']',
  '(',
  ')',
  '[',
  '\\',
  '(?i)a',
  '(?P<n>a)',
  '\\A',
  '\\z',
  '\\a',
  '\\h',
  '\\pL',
  '\\x{41}',
  '\\u{110000}',
  '\\uD83D',
  '[\\uD83D]',
  '[z-a]',
  '[\\d-z]',
  '[a-\\d]',
  '(?<1>a)',
  '(?<>a)',
  '\\c1',
  '\\x4',
  '\\u12',
  '\\p{}',
  '\\p',
  '{2}',
  '|*',
  'a|*',
  '(*)',
  '[[:alpha:]]',
  '[a&&b]',
  '[a--b]',
  '[a~~b]',
  '[^^]',
  '[a^]',
  '[-a]',
  '[a-]',
  '[]a]',
  '[^]a]',
  '\\01',
  '\\b+',
  '(?#x)',
  'x*+',
  '(?<n>a)',
  '(?<$é>a)',
  '[\\B]',
  '',
  '()',
  '(|a)',
  '^$',
  '\\$',
  'a$',
  '^a',
  '$a',
  'a^',
  '\\^a',
  '#',
  ' ',
  'a b',
  '\\e',
  '\\_',
  '\\:',
  '[\\_]',
];
const rows = [];
for (let n = 0; rows.length < 900; n++) {
  const pattern = n < FIXED.length ? FIXED[n] : alternatives();
  if (!pattern.isWellFormed()) continue;
  let regex;
  try {
    regex = new RegExp(pattern, 'u');
  } catch {
    if (n < FIXED.length || random(5) === 0) rows.push([pattern, null]);
    continue;
  }
  const subjects = [
    ...new Set(['', 'a', ...Array.from({ length: 5 }, subject), pick(LETTERS), pick(LETTERS) + pick(LETTERS)]),
  ];
  rows.push([pattern, subjects.filter((s) => regex.test(s)), subjects.filter((s) => !regex.test(s))]);
}
writeFileSync(
  new URL('patterns.json', import.meta.url),
  `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`,
);
