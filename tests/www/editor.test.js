// The parts of the editor that need no screen. In Chromium it is tried with the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { loaded } from './loaded.js';

const { formatJson } = await loaded('www/src/base/format-json.ts');
const { difference } = await loaded('www/src/editor/difference.ts');
const { jsonLanguage } = await loaded('www/src/editor/json.ts');
const { httpLanguage } = await loaded('www/src/editor/http.ts');
const { regoLanguage } = await loaded('www/src/editor/rego.ts');

/** [token, text] of what has one. */
function tokens(language, text) {
  const found = [];
  language.parser
    .parse(text)
    .iterate({ enter: ({ name, from, to }) => void (name !== 'Document' && found.push([name, text.slice(from, to)])) });
  return found;
}

test('formatted JSON says what the text said', () => {
  const table = [
    ['{"a":1.50,"a":1e400,"b":"\\u00e9\\/"}', '{\n  "a": 1.50,\n  "a": 1e400,\n  "b": "\\u00e9\\/"\n}'],
    ['[ ]', '[]'],
    ['{"a" : { } , "b":[[ ]]}\n', '{\n  "a": {},\n  "b": [\n    []\n  ]\n}\n'],
    ['"{[,:]}"', '"{[,:]}"'],
    ['[12345678901234567890,-0,"a  \\" b"]', '[\n  12345678901234567890,\n  -0,\n  "a  \\" b"\n]'],
    [' true ', 'true'],
  ];
  for (const [text, expected] of table) {
    assert.equal(formatJson(text), expected);
    assert.equal(formatJson(expected), expected);
  }
  for (const text of ['', '{', '{"a":1,}', '[1 2]', "{'a':1}", '01', 'NaN', '{"a":1} x', '[1] // why'])
    assert.equal(formatJson(text), undefined, text);
});

test('every file of JSON that ships is the same value when formatted', () => {
  for (const file of ['policies/contract.schema.json', 'policies/registry.schema.json', 'package.json']) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(formatJson(text)), JSON.parse(text));
    assert.equal(formatJson(formatJson(text)), formatJson(text));
    assert.equal(formatJson(text).replace(/\s/g, ''), text.replace(/\s/g, ''));
  }
});

test('two texts differ in one stretch, and no character is cut', () => {
  const table = [
    ['same', 'same', undefined],
    ['', 'new', { from: 0, to: 0, insert: 'new' }],
    ['aXc', 'abc', { from: 1, to: 2, insert: 'b' }],
    ['aa', 'aaa', { from: 2, to: 2, insert: 'a' }],
    ['abc', '', { from: 0, to: 3, insert: '' }],
    ['a\r\nb', 'a\nb', { from: 1, to: 2, insert: '' }],
    // U+1F600 and U+1F601 begin alike, U+1F600 and U+1FA00 end alike.
    ['x😀y', 'x😁y', { from: 1, to: 3, insert: '😁' }],
    ['x\u{1f600}y', 'x\u{1fa00}y', { from: 1, to: 3, insert: '\u{1fa00}' }],
  ];
  for (const [before, after, expected] of table) {
    assert.deepEqual(difference(before, after), expected, JSON.stringify([before, after]));
    if (expected) assert.equal(before.slice(0, expected.from) + expected.insert + before.slice(expected.to), after);
  }
});

test('tokens of JSON', () => {
  const table = [
    [
      '{"a": "b"}',
      [
        ['bracket', '{'],
        ['propertyName', '"a"'],
        ['separator', ':'],
        ['string', '"b"'],
        ['bracket', '}'],
      ],
    ],
    [
      '"a\\n\\u00e9\\x"',
      [
        ['string', '"a'],
        ['escape', '\\n\\u00e9'],
        ['invalid', '\\x'],
        ['string', '"'],
      ],
    ],
    [
      '-1.5e+3 01 1. true null True',
      [
        ['number', '-1.5e+3'],
        ['invalid', '01'],
        ['invalid', '1.'],
        ['bool', 'true'],
        ['null', 'null'],
        ['invalid', 'True'],
      ],
    ],
    [
      '"open\ntrue',
      [
        ['string', '"open'],
        ['bool', 'true'],
      ],
    ],
  ];
  for (const [text, expected] of table) assert.deepEqual(tokens(jsonLanguage, text), expected, text);
});

test('tokens of a message, whatever ends its lines', () => {
  const head = [
    ['keyword', 'POST'],
    ['url', '/hook?a=1'],
    ['meta', 'HTTP/1.1'],
    ['propertyName', 'Host'],
    ['separator', ':'],
    ['string', 'a.example'],
    ['string', 'folded'],
    ['invalid', 'no header'],
  ];
  for (const end of ['\n', '\r\n']) {
    const text = ['POST /hook?a=1 HTTP/1.1', 'Host: a.example', '  folded', 'no header', '', ''].join(end);
    const body = [
      ['bracket', '{'],
      ['propertyName', '"n"'],
      ['separator', ':'],
      ['number', '1'],
      ['bracket', '}'],
    ];
    assert.deepEqual(tokens(httpLanguage, `${text}{"n": 1}`), [...head, ...body]);
    assert.deepEqual(tokens(httpLanguage, `${text}a=b&c={"d":1}`), head);
  }
  assert.deepEqual(tokens(httpLanguage, 'HTTP/1.1 404 Not Found\n'), [
    ['meta', 'HTTP/1.1'],
    ['number', '404'],
  ]);
});

test('no text stops a language', () => {
  const odd = [
    '\ufeff',
    '\0',
    '\u2028',
    '\u00a0',
    '\r',
    '\t',
    '\ud800',
    '😀',
    '\\',
    '"',
    '`',
    '$"',
    '{',
    '}',
    ':',
    '-',
    '.',
    '1.',
    'é',
    ' ',
  ];
  for (const language of [jsonLanguage, httpLanguage, regoLanguage]) {
    for (const before of ['', 'GET ', 'GET / HTTP/1.1\n', 'a: ', 'GET / HTTP/1.1\n\n', '{"', '$"{', '"\\']) {
      for (const one of odd)
        for (const two of odd)
          assert.equal(language.parser.parse(before + one + two + one).length, (before + one + two + one).length);
    }
  }
});

/** The tokens of a style sheet: a name's colours by theme. */
function colours(file) {
  const text = readFileSync(new URL(`../../www/src/${file}`, import.meta.url), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
      name,
      { light, dark },
    ]),
  );
}

function luminance(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('every token is readable on every background, in both themes', () => {
  const all = { ...colours('style.css'), ...colours('editor/editor.css') };
  const inks = ['ink', 'fail', ...Object.keys(all).filter((name) => /^editor-(?!active|selection)/.test(name))];
  assert.ok(inks.length >= 9, inks.join());
  for (const theme of ['light', 'dark']) {
    for (const paper of ['paper', 'editor-active', 'mark-paper', 'warn-paper', 'fail-paper', 'pass-paper']) {
      for (const ink of inks) {
        const [low, high] = [luminance(all[ink][theme]), luminance(all[paper][theme])].sort((a, b) => a - b);
        const contrast = (high + 0.05) / (low + 0.05);
        assert.ok(contrast >= 4.5, `${ink} on ${paper}, ${theme}: ${contrast.toFixed(2)}`);
      }
    }
    const [low, high] = [all.ink[theme], all['editor-selection'][theme]].map(luminance).sort((a, b) => a - b);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `the selection, ${theme}`);
  }
});
