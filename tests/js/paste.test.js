// What people paste is read as the requests that it means: cases of every source, hostile texts, and the real programs.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { noteText } from '../../pkg/read/paste/notes.js';
import { read } from '../../pkg/read/paste/read.js';
import { CASES, casesOfPaste, inputOf, shownPaste } from './paste-cases.js';
import { ROOT } from './setup.js';

for (const path of casesOfPaste()) {
  test(`paste: ${path}`, () => {
    const expected = JSON.parse(readFileSync(join(CASES, path, 'expected.json'), 'utf8'));
    assert.deepEqual(shownPaste(read(inputOf(path))), expected);
    assert.equal(expected.source, path.split('/')[0]);
  });
}

test('every source has three cases', () => {
  const few = readdirSync(CASES).filter((source) => readdirSync(join(CASES, source)).length < 3);
  assert.deepEqual(few, []);
});

test('the document lists every source', () => {
  const document = readFileSync(join(ROOT, 'docs/inputs.md'), 'utf8');
  const listed = [...document.matchAll(/^\| `([a-z-]+)` \| [^|]+ \|$/gm)].map(([, source]) => source);
  assert.deepEqual(
    listed.sort(),
    readdirSync(CASES)
      .filter((source) => source !== 'unknown')
      .sort(),
  );
});

test('a paste with CRLF says the same, but for the bytes of its bodies', () => {
  for (const path of casesOfPaste().filter((one) => !one.startsWith('body/'))) {
    const [one, other] = [inputOf(path).replaceAll('\r\n', '\n'), inputOf(path).replace(/\r?\n/g, '\r\n')].map(read);
    const heads = ({ source, requests }) => [
      source,
      requests.map(({ label, message, headers }) => [label, message?.method, message?.url, headers?.length]),
    ];
    assert.deepEqual(heads(one), heads(other), path);
  }
});

test('every note has a text in both languages, and every fact in it is given', () => {
  const seen = new Set();
  for (const path of casesOfPaste()) {
    const { requests, notes } = read(inputOf(path));
    for (const note of [...notes, ...requests.flatMap((one) => one.notes)]) {
      const [english, chinese] = ['en', 'zh-CN'].map((language) => noteText(note, language));
      assert.notEqual(english, note.note);
      assert.match(chinese, /\p{Script=Han}/u);
      assert.doesNotMatch(english + chinese, /\{[a-z]+\}(?!\})/, JSON.stringify(note));
      seen.add(note.note);
    }
  }
  assert.ok(seen.size > 25, `${seen.size}`);
});

// Pieces of every source, in any order.
const PIECES = casesOfPaste().flatMap((path) =>
  inputOf(path)
    .match(/[\s\S]{1,12}/g)
    .slice(0, 40),
);
const MARKS = [
  '"',
  "'",
  '`',
  '\\',
  '\n',
  '\r\n',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '$',
  '@',
  '^',
  '=>',
  ':',
  '...',
  '\0',
  '\ud800',
];

test('nothing throws, whatever is pasted', () => {
  const piece = fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom(...MARKS));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const { requests, notes } = read(pieces.join(''));
      assert.ok(requests.length > 0 || notes.length > 0);
      for (const one of requests)
        assert.equal(['text', 'message', 'headers', 'body'].filter((name) => one[name] !== undefined).length, 1);
    }),
    { numRuns: 3000 },
  );
});

test('a case that is cut anywhere is read without an error', () => {
  for (const path of casesOfPaste()) {
    const text = inputOf(path);
    for (let end = 0; end < text.length; end += 7) read(text.slice(0, end));
  }
});

const MILLION = 1_000_000;
const of = (piece) => piece.repeat(Math.ceil(MILLION / piece.length));
const HOSTILE = {
  'fetch calls that do not end': of('fetch("'),
  'fetch calls in calls': of('fetch('),
  'a fetch of deep objects': `fetch("https://h.example", ${of('{a:')}`,
  'open comments': `fetch("x", ${of('/* ')}`,
  constants: of('const a = '),
  templates: `fetch(\`${of('${')}`,
  'Python calls': of('requests.post('),
  'Python strings': `requests.post("https://h.example", data=${of('"a" ')})`,
  'Python triple quotes': of('requests.post("""'),
  'names in Python': of('a = '),
  'one name in Python': `requests.post(${of('a')}`,
  'PowerShell commands': of('iwr '),
  'PowerShell tables': `iwr https://h.example -Headers ${of('@{')}`,
  'PowerShell groups': `iwr https://h.example -Body ${of('(')}`,
  'PowerShell strings': `iwr https://h.example -Body "${of('`"')}`,
  'PowerShell variables': of('$a = "'),
  'PowerShell here-strings': of("$a = @'\n"),
  'curl and parameters': of('curl -Uri '),
  HTTPie: of('http POST h.example '),
  'HTTPie items': `http POST h.example ${of('a=b ')}`,
  'traces of heads': of('> POST / HTTP/1.1\n'),
  'traces of rows': `=> Send header, 5 bytes (0x5)\n${of('0000: 61 \n')}`,
  'deliveries without an end': `Request URL: x\nRequest method: POST\nX-A-Event: a\n${of('{"')}`,
  'events of Stripe': `Request\n"object": "event"\n${of('{\n')}`,
  'names in two lines': `Request URL\n${of('a\n')}`,
  'titles of DevTools': of('Request Headers\n'),
  'printed objects': of("host: { 'a-b': "),
  'printed lists': `host:, ${of('[ ')}`,
  'printed maps': of("Map(1) { 'host' => "),
  'joined strings': `{ host: ${of("'a' + ")}`,
  fences: of('```\n'),
  'fences with commands': of('```\ncurl h.example\n```\n'),
  quotations: of('> > '),
  'blanks and quotations': of('  > a\n'),
  indentation: `${of(' ')}a\n${of(' ')}b`,
  prompts: of('a@b '),
  'curl of cmd': `curl ${of('""')}`,
  'curl of PowerShell': `curl \`\n${of("'")}`,
  'typographic quotes': of('‘curl’ '),
  headers: of('A: b\n\n'),
  'a form': of('a=b&'),
  XML: of('<a '),
  'an object of headers': `{"host":"a","x-a":[${of('"1",')}"1"]}`,
  'a collection': `{"info":{},"item":${'[{"item":'.repeat(5000)}[]${'}]'.repeat(5000)}}`,
  'many requests': `{"info":{},"item":[${of('{"request":"https://h.example/{{a}}"},')}{}]}`,
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`a megabyte of ${name} is read in one pass`, () => {
    const { requests, notes } = read(text); // all of it for each of its parts would take hours
    assert.ok(requests.length + notes.length > 0);
  });
}
