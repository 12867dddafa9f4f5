// What is pasted into the playground is recognised.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { entryRecording } from '../../pkg/read/har.js';
import { applied, parseMessage, read, recognise, shown } from './request/modules.js';

const ENTRY = {
  request: {
    method: 'POST',
    url: 'https://h.example/a?b=c',
    headers: [
      { name: ':method', value: 'POST' },
      { name: 'X', value: '1\n2' },
      { name: 'content-type', value: 'text/plain' },
    ],
    postData: { mimeType: 'text/plain', text: 'é\r\n' },
  },
  response: {
    status: 200,
    statusText: 'OK',
    headers: [{ name: 'Y', value: '1' }],
    content: { text: '/wA=', encoding: 'base64' },
  },
};

test('a HAR and one entry of it give the messages that the command line judges', () => {
  for (const [value, count] of [
    [{ log: { entries: [ENTRY, ENTRY, { request: null }] } }, 4],
    [ENTRY, 2],
  ]) {
    const { source, entries } = recognise(JSON.stringify(value, null, 2));
    assert.equal(source, 'har');
    assert.equal(entries.length, count);
    const plain = ({ request: { body, ...rest } }) => ({ ...rest, body: new Uint8Array(body) });
    assert.deepEqual(read(entries[0]), plain(entryRecording({ entry: ENTRY }, false, 'x')));
    assert.deepEqual(read(entries.at(-1)), plain(entryRecording({ entry: ENTRY }, true, 'x')));
    assert.deepEqual(
      entries.flatMap(({ notices }) => notices),
      [],
    );
  }
});

test('requests are counted without their answers', () => {
  const requests = (text) => recognise(text).requests;
  assert.equal(requests(JSON.stringify({ log: { entries: [ENTRY] } })), 1);
  assert.equal(requests(JSON.stringify({ log: { entries: [ENTRY, ENTRY] } })), 2);
  assert.deepEqual(
    ['POST /a HTTP/1.1\n\n', 'HTTP/1.1 200 OK\n\n', '{}', 'A: b', '### a\nGET /a\n###\nGET /b'].map(requests),
    [1, 0, 0, 0, 2],
  );
});

test('what `curl -i` shows before an answer is left out, and said', () => {
  const answer = 'HTTP/1.1 200 OK\ncontent-type: text/plain\n\nok';
  const earlier = 'HTTP/1.1 100 Continue\n\nHTTP/1.1 302 Found\nset-cookie: a=b\n\n';
  const { entries, requests } = recognise(`${earlier}${answer}`);
  assert.deepEqual(
    entries.map(({ label, text, notices }) => [label, text, notices]),
    [['HTTP/1.1 200 OK', answer, ['The heads of earlier responses were left out']]],
  );
  assert.equal(requests, 0);
  assert.equal(parseMessage(`${earlier}${answer}`).message.status, 200);
});

// [what a file of an editor holds, [label, text, notices] of each request]
const FILES = [
  ['###\nPOST /x HTTP/1.1\nA: 1\n\nhi\n\n \n', [['POST /x HTTP/1.1', 'POST /x HTTP/1.1\nA: 1\n\nhi', []]]],
  [
    '### first\r\nPOST https://h.example/x\r\nA: 1\r\n\r\n{"a": 1} \r\n\r\nb\r\n\r\n### \r\nGET /y\r\n',
    [
      ['first', 'POST https://h.example/x\r\nA: 1\r\n\r\n{"a": 1} \r\n\r\nb', []],
      ['GET /y', 'GET /y', []],
    ],
  ],
  [
    '\ufeff# @name login\n// a comment\n\nPOST /a\n# B: 2\nA: 1\n\n# body\n####\n###\n# nothing\n',
    [['login', 'POST /a\nA: 1\n\n# body', []]],
  ],
  [
    '@host = https://h.example\n@id=1\nPUT {{host}}/a/{{id}} HTTP/2\n\n{{$guid}}',
    [
      [
        'PUT {{host}}/a/{{id}} HTTP/2',
        'PUT {{host}}/a/{{id}} HTTP/2\n\n{{$guid}}',
        [/\{\{host\}\}, \{\{id\}\}, \{\{\$guid\}\}/],
      ],
    ],
  ],
  ['###\nhttps://h.example/a\n', [['https://h.example/a', 'GET https://h.example/a', []]]],
  [
    '###\nPOST h.example HTTP/1.1\n\n< ./body.json\n',
    [['POST h.example HTTP/1.1', 'POST h.example HTTP/1.1\n\n< ./body.json', [/begin with < or >/]]],
  ],
  ['### a\nwords\n### b\nGET /b\n', [['b', 'GET /b', [/no request line/]]]],
];

for (const [text, expected] of FILES) {
  test(`a file of requests: ${JSON.stringify(text)}`, () => {
    const { source, entries, requests } = recognise(text);
    assert.deepEqual([source, requests], ['http-file', expected.length]);
    assert.deepEqual(
      entries.map(({ label, text: own }) => [label, own]),
      expected.map(([label, own]) => [label, own]),
    );
    entries.forEach(({ notices }, index) => {
      const patterns = expected[index][2];
      assert.equal(notices.length, patterns.length, notices.join());
      patterns.forEach((pattern, at) => assert.match(notices[at], pattern));
    });
  });
}

test('a message that does not begin with ### is never split', () => {
  const text = 'POST /x HTTP/1.1\nA: 1\n\na\n### b\nPOST /y HTTP/1.1\n\n{{c}}\n\n\n';
  assert.deepEqual(recognise(text), {
    source: 'http',
    requests: 1,
    entries: [{ label: 'POST /x HTTP/1.1', text, notices: [] }],
    said: '',
  });
});

const HAR = JSON.stringify({ log: { entries: [ENTRY] } }, null, 2);
const PROSE = [
  ['Raw request:\n\nPOST /x HTTP/1.1\r\nA: 1\r\n\r\nhi\n\n', 'http', 'POST /x HTTP/1.1\r\nA: 1\r\n\r\nhi\n\n', 3],
  ['It says:\n```http\nPOST /x HTTP/1.1\n\nhi\n```\nThanks', 'http', 'POST /x HTTP/1.1\n\nhi', 3],
  ['# What was sent\n\nThis came:\nPOST /x HTTP/2\n\n', 'http', 'POST /x HTTP/2\n\n', 4],
  [`A HAR {"of": 1} {"two"} entries: ${HAR}\n \n`, 'har', undefined, 1],
  [`See\n\n\`\`\`json\n${HAR}\n\`\`\`\n`, 'har', undefined, 4],
];

for (const [text, kind, expected, line] of PROSE) {
  test(`after text: ${JSON.stringify(text).slice(0, 60)}`, () => {
    const found = recognise(text);
    assert.deepEqual([found.source, found.requests], [kind, 1]);
    const [first] = found.entries;
    if (expected === undefined)
      assert.deepEqual(
        found.entries.map((entry) => entry.text),
        recognise(HAR).entries.map((entry) => entry.text),
      );
    else assert.equal(first.text, expected);
    assert.match(first.notices[0], new RegExp(`line ${line}:`));
  });
}

test('what a HAR lost is told', () => {
  const short = { request: { ...ENTRY.request, headers: [{ name: 'Content-Length', value: '9' }] } };
  const parameters = { request: { ...ENTRY.request, postData: { params: [{ name: 'a', value: 'b' }] } } };
  assert.match(recognise(JSON.stringify(short)).entries[0].notices[0], /4 bytes of the body/);
  assert.match(recognise(JSON.stringify(parameters)).entries[0].notices[0], /parameters/);
});

test('a fetch of a browser', () => {
  const { source, entries } = recognise(
    'await fetch("https://h.example/a", {\n  "headers": { "x-a": "1" },\n  "body": "{\\"a\\":1}",\n  "method": ' +
      '"POST"\n});\n',
  );
  assert.equal(source, 'fetch');
  assert.deepEqual(shown(entries[0]), {
    method: 'POST',
    url: '/a',
    headers: { Host: 'h.example', 'x-a': '1', 'Content-Type': 'text/plain;charset=UTF-8' },
    body: '{"a":1}',
  });
});

const CURRENT = { text: 'POST /a HTTP/1.1\r\nA: 1\r\n\r\n/wA=', base64: true };
const KINDS = [
  ['POST /x HTTP/1.1\r\nB: 2\r\n\r\nhi', 'http', { text: 'POST /x HTTP/1.1\r\nB: 2\r\n\r\nhi' }],
  ['POST https://h.example/x\n\nhi', 'http', { text: 'POST https://h.example/x\n\nhi' }],
  ['https://h.example/x', 'http', { text: 'https://h.example/x' }],
  ['HTTP/1.1 200\n\n', 'http', { text: 'HTTP/1.1 200\n\n' }],
  [' {"a": 1.0}\n', 'body', { text: 'POST /a HTTP/1.1\r\nA: 1\r\n\r\n {"a": 1.0}\n' }],
  ["{'a': 1}", 'body', { text: "POST /a HTTP/1.1\r\nA: 1\r\n\r\n{'a': 1}" }],
  ['X-Id: 1\nHost: h\n', 'headers', { text: 'POST /a HTTP/1.1\r\nX-Id: 1\r\nHost: h\r\n\r\n/wA=', base64: true }],
  [':method: PUT\n:path: /p\n:authority: h\nx: 1', 'devtools', { text: 'PUT /p HTTP/1.1\nHost: h\nx: 1\n\n' }],
];

for (const [text, kind, expected] of KINDS) {
  test(`${kind}: ${JSON.stringify(text)}`, () => {
    const recognised = recognise(text);
    assert.equal(recognised.source, kind);
    assert.deepEqual(applied(CURRENT, recognised), expected);
  });
}

for (const text of [
  '',
  ' ',
  'hello',
  'Dear all: read this\nand that',
  'curl',
  'fetch(',
  '[section]',
  'see https://h.example/x for more',
  'The body: {"a": 1}',
  'POST /x came\n\nand more',
  `${HAR} and more`.slice(1),
  '### words',
  '# a\nb',
]) {
  test(`nothing: ${JSON.stringify(text)}`, () => assert.deepEqual(recognise(text).entries, []));
}

test('nothing throws, whatever is pasted', () => {
  const piece = fc.constantFrom(
    'curl ',
    'curl -d ',
    "'",
    '"',
    "$'",
    '\\',
    '^',
    '^"',
    '\n',
    '\r\n',
    ' ',
    '<<EOF',
    '@-',
    '|',
    '$(',
    '`',
    '{',
    '[',
    'fetch(',
    ')',
    '{"log":{"entries":[',
    'null',
    ']}}',
    'POST / ',
    ':',
    '-H',
    '--',
    '-',
    '\ud800',
    '\0',
    '\\U99999999',
    '\\c',
    '###',
    '# @name ',
    '@a=',
    '{{',
    '}}',
    'POST /x HTTP/1.1',
    '```',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('');
      for (const { text: written, base64 } of recognise(text).entries ?? []) parseMessage(written, { base64 });
      for (const { text: written } of recognise(`curl ${text}`).entries ?? []) assert.equal(typeof written, 'string');
    }),
    { numRuns: 5000 },
  );
  for (const value of [
    null,
    [],
    { log: null },
    { log: { entries: {} } },
    { log: { entries: [null, 1, { request: { method: 'A', url: 'b', headers: [null] } }] } },
  ])
    recognise(JSON.stringify(value));
});

/** `$v0 $v1 $v2` and so on. */
const numbered = (length, before) => Array.from({ length }, (_, index) => before + index).join(' ');

const MILLION = 1_000_000;
const LARGE = {
  'a JSON body': `{"a":"${'x'.repeat(MILLION)}"}`,
  'deep JSON': '['.repeat(MILLION),
  'a form': 'a=1&'.repeat(MILLION / 4),
  blanks: ' '.repeat(MILLION),
  lines: 'a: b\n'.repeat(MILLION / 5),
  quotes: `curl https://h.example/ -d '${"\\'".repeat(MILLION / 2)}`,
  escapes: `curl https://h.example/ -d "${'\\"'.repeat(MILLION / 2)}"`,
  dollars: `curl https://h.example/ -d "${'$('.repeat(MILLION / 2)}"`,
  variables: `curl https://h.example/ -d "${numbered(MILLION / 8, '$v')}"`,
  backticks: `curl https://h.example/ -d ${'`'.repeat(MILLION + 1)}`,
  carets: `curl ^"https://h.example/^" ^\n -d ^"${'^\\^"'.repeat(MILLION / 4)}^"`,
  words: `curl ${'a '.repeat(MILLION / 2)}`,
  'a fetch': `fetch(${') '.repeat(MILLION / 2)}x`,
  sections: '### a\nPOST /x\nA: 1\n\n{"a": 1}\n\n'.repeat(MILLION / 33),
  comments: `# ${'a\n#'.repeat(MILLION / 3)}`,
  'variables of a file': `###\nPOST /\n\n${'{{'.repeat(MILLION / 2)}`,
  'blanks of a file': `###\nPOST /${' '.repeat(MILLION)}x`,
  'text and objects': `so ${'{"a":'.repeat(MILLION / 5)}`,
  'text and a large object': `so ${'{"a" '.repeat(10)}{"a":"${'x'.repeat(MILLION)}"}`,
  'text and request lines': `so\n${'POST /x HTTP\n'.repeat(MILLION / 13)}`,
  'text and fences': `so\n${'```\n'.repeat(MILLION / 4)}POST / HTTP/1.1\n\n`,
  'a request': `POST / HTTP/1.1\n\n${'{"a":[1,2]},'.repeat(MILLION / 12)}`,
};

for (const [name, text] of Object.entries(LARGE)) {
  test(`a megabyte of ${name} is read in one pass`, () => {
    // All of it for each of its parts would take hours.
    const entry = recognise(text).entries[0];
    if (entry) parseMessage(entry.text, entry).rangeOf('/none');
    parseMessage(text).rangeOf('/none');
  });
}

const ENDS = [
  ['POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\né!\r\n', 'é!', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\n\n{}\n\n', '{}', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\n\n{} \n', '{} \n', 0],
  ['POST /a HTTP/1.1\nContent-Length: 3\n\n{}\n', '{}\n', 0],
  ['POST /a HTTP/1.1\n\n{}\n', '{}\n', 0],
  ['POST /a HTTP/1.1\nContent-Length: 2\nContent-Length: 2\n\n{}\n', '{}', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\nContent-Length: 1\n\n{}\n', '{}\n', 0],
];
for (const [text, body, notices] of ENDS) {
  test(`the end of a paste: ${JSON.stringify(text.slice(16))}`, () => {
    const {
      source,
      entries: [entry],
    } = recognise(text);
    assert.equal(source, 'http');
    assert.equal(shown(entry).body, body);
    assert.equal(entry.notices.length, notices);
  });
}
