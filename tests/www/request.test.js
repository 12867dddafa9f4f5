// The playground's text of a message: read as recordings are, with places, and edited without touching the rest.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { parseRecording } from '../../pkg/read/recording.js';
import { loaded } from './loaded.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const {
  addHeader,
  addQuery,
  messageText,
  parseMessage,
  recordingBytes,
  recordingText,
  removeHeader,
  removeQuery,
  resolverOf,
  withBody,
  withHeader,
  withHeaders,
  withQuery,
} = await loaded(
  'www/src/request/edit.ts',
  'www/src/request/parse.ts',
  'www/src/request/recording.ts',
  'www/src/request/resolve.ts',
);

const bytes = (text, encoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding));
const body = (text, options) => Buffer.from(parseMessage(text, options).message.body).toString('latin1');

test('every recorded case is the same message in the editor', () => {
  const files = readdirSync(join(ROOT, 'tests/cases'), { recursive: true }).filter((path) =>
    path.endsWith('request.http'),
  );
  assert.ok(files.length > 900);
  let inBase64 = 0;
  for (const path of files) {
    const recording = new Uint8Array(readFileSync(join(ROOT, 'tests/cases', path)));
    const { request } = parseRecording(recording, path);
    const expected = { ...request, body: new Uint8Array(request.body) };
    const written = recordingText(recording);
    const parsed = parseMessage(written.text, written);
    assert.deepEqual({ ...parsed.message, body: new Uint8Array(parsed.message.body) }, expected, path);
    assert.deepEqual(parsed.notices, [], path);
    const anew = messageText(expected);
    assert.deepEqual(parseMessage(anew.text, anew).message, expected, path);
    inBase64 += written.base64 ? 1 : 0;
  }
  assert.ok(inBase64 > 0, 'a body that is no UTF-8 is among them');
});

test('any recording is read as the command line reads it, or told', () => {
  const line = fc.constantFrom(
    'POST /a?b=c HTTP/1.1',
    'HTTP/1.1 204 No Content',
    'X: 1',
    'X-é: \xff\t',
    'Content-Length: 3',
    'Content-Length: 9',
    ':',
    'no',
    '',
    ' ',
    '\r',
    '{}',
    '\ufeff',
  );
  const recording = fc.tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8 }),
    fc.uint8Array({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(recording, ([lines, rest]) => {
      const file = new Uint8Array([...bytes(lines.flat().join(''), 'latin1'), ...rest]);
      const written = recordingText(file);
      const parsed = parseMessage(written.text, written);
      assert.equal(parsed.message === undefined, parsed.problem !== undefined);
      let expected;
      try {
        expected = parseRecording(file, 'x').request;
      } catch {
        return;
      }
      assert.deepEqual(parsed.message, { ...expected, body: new Uint8Array(expected.body) });
    }),
    { numRuns: 2000 },
  );
});

const ACCEPTED = [
  ['no version', 'POST /a\nX: 1\n\nhi', { method: 'POST', url: '/a' }, 'hi'],
  ['blank lines before it', '\n \r\nPOST /a HTTP/1.1\n\nhi', { method: 'POST', url: '/a' }, 'hi'],
  ['a whole URL', 'PUT https://example.com/a?b HTTP/2\n\n', { method: 'PUT', url: 'https://example.com/a?b' }, ''],
  ['a path alone', '/a?b=c', { method: 'GET', url: '/a?b=c' }, ''],
  ['a path with a body', '/a\n\n{}', { method: 'POST', url: '/a' }, '{}'],
  ['no empty line', 'POST /a HTTP/1.1\nX: 1', { method: 'POST', url: '/a' }, ''],
  ['an answer', 'HTTP/1.1 200 OK\r\n\r\na\r\nb\r\n', { status: 200 }, 'a\r\nb\r\n'],
  ['a byte order mark in the body', 'POST /a HTTP/1.1\n\n\ufeff{}', { method: 'POST', url: '/a' }, '\xef\xbb\xbf{}'],
];

for (const [name, text, start, content] of ACCEPTED) {
  test(`taken: ${name}`, () => {
    const { headers, body: _, ...rest } = parseMessage(text).message;
    assert.deepEqual(rest, start);
    assert.equal(body(text), content);
  });
}

const REFUSED = [
  ['', /no message/, ''],
  ['\n \n', /no message/, '\n \n'],
  ['{"a":1}', /without its request/, '{"a":1}'],
  ['POST /a b HTTP/1.1\n\n', /space/, 'POST /a b HTTP/1.1'],
  ['hello\n\n', /neither/, 'hello'],
  ['POST /a HTTP/1.1\nX: 1\n{"a"}\n\n', /not a header/, '{"a"}'],
  ['POST /a HTTP/1.1\r\n  \r\nhi', /blanks/, '  '],
];

for (const [text, message, marked] of REFUSED) {
  test(`told: ${JSON.stringify(text)}`, () => {
    const { problem, message: none } = parseMessage(text);
    assert.equal(none, undefined);
    assert.match(problem.message, message);
    assert.equal(text.slice(problem.from, problem.to), marked);
    assert.ok(problem.help);
  });
}

test('a body in base64', () => {
  assert.equal(body('POST /a HTTP/1.1\n\n/wA\n=\n', { base64: true }), '\xff\0');
  const wrong = parseMessage('POST /a HTTP/1.1\n\nno base64!', { base64: true });
  assert.match(wrong.problem.message, /base64/);
  const { rangeOf } = parseMessage('POST /a HTTP/1.1\n\ne30=', { base64: true });
  assert.deepEqual(rangeOf('/a'), [18, 22]);
  assert.deepEqual(rangeOf('', 1), [18, 22]);
});

for (const length of [1, 3, 'x']) {
  test(`a Content-Length of ${length} is a notice, and the body stays whole`, () => {
    const text = `POST /a HTTP/1.1\nContent-Length: ${length}\n\nhi`;
    const { notices } = parseMessage(text);
    assert.equal(notices.length, 1);
    assert.equal(text.slice(notices[0].from, notices[0].to), String(length));
    assert.equal(body(text), 'hi');
  });
}

test('what follows behind Content-Length is cut when a recording is loaded', () => {
  assert.deepEqual(recordingText(bytes('POST /a HTTP/1.1\nContent-Length: 2\n\nhi\n')), {
    text: 'POST /a HTTP/1.1\nContent-Length: 2\n\nhi',
  });
});

const CONTRACT = {
  request: { path: '/hooks/{channel}/{tenant?}' },
  signature: {
    from: { header: ['x-none', 'X-Signature'] },
    fields: { ts: { from: { query: 'ts' } }, id: { from: { body: '/id' } } },
  },
};
const TEXT =
  'POST https://h.example/hooks/web?ts=1&na%20me=v%2B&empty=#x HTTP/1.1\r\nX-Signature:  v1=abc \r\nA: ' +
  '1\r\na: 2\r\nE:\r\n\r\n{"id":"é😀","list":[1,{"b":2}]}';
const PLACES = [
  ['method', 'POST'],
  ['url', 'https://h.example/hooks/web?ts=1&na%20me=v%2B&empty=#x'],
  ['path', '/hooks/web'],
  ['path:channel', 'web'],
  ['path:tenant', '/hooks/web'],
  ['header:x-signature', 'v1=abc'],
  ['header:a', '2'],
  ['header:e', 'E'],
  ['header:missing', ''],
  ['query:ts', '1'],
  ['query:na me', 'v%2B'],
  ['query:empty', 'empty'],
  ['query:missing', ''],
  ['field:ts', '1'],
  ['field:id', '"é😀"'],
  ['field:t', 'v1=abc'],
  ['body', '{"id":"é😀","list":[1,{"b":2}]}'],
  ['', '{"id":"é😀","list":[1,{"b":2}]}'],
  ['/id', '"é😀"'],
  ['/list/1/b', '2'],
  ['/list/1/none', '{"b":2}'],
  ['keys/0', undefined],
  ['signed', undefined],
];

test('the place of each kind of `at`', () => {
  const { rangeOf, layout } = parseMessage(TEXT);
  for (const [at, marked] of PLACES) {
    const range = rangeOf(at, undefined, { resolve: resolverOf(CONTRACT) });
    assert.equal(range && TEXT.slice(...range), marked, at);
  }
  assert.equal(rangeOf('header:missing')[0], layout.headEnd);
  assert.equal(TEXT.slice(...rangeOf('/id', undefined, { code: 'schema-additional-properties' })), '"id"');
  assert.equal(TEXT.slice(...rangeOf(undefined, 9)), '😀'); // behind two bytes of é
  assert.equal(rangeOf(undefined), undefined);
  assert.deepEqual(rangeOf('field:x', undefined, { resolve: resolverOf(null) }), undefined);
});

test('places of an answer, of a form, behind a byte order mark', () => {
  const answer = 'HTTP/1.1 503 No\n\n';
  assert.equal(answer.slice(...parseMessage(answer).rangeOf('status')), '503');
  const form = 'POST / HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\na=1&payload+x=%7B%7D&b';
  for (const [at, marked] of [
    ['/payload x/y', '%7B%7D'],
    ['/b', 'b'],
    ['/none', 'a=1&payload+x=%7B%7D&b'],
  ]) {
    assert.equal(form.slice(...parseMessage(form).rangeOf(at)), marked);
  }
  const marked = 'POST / HTTP/1.1\n\n\ufeff{"a":x}';
  assert.equal(marked.slice(...parseMessage(marked).rangeOf(undefined, 8)), 'x');
});

test('nothing throws and every place lies in the text', () => {
  const piece = fc.constantFrom(
    'POST',
    '/a',
    ' ',
    '\n',
    '\r\n',
    ':',
    '?',
    '&',
    '=',
    '%',
    '%zz',
    '#',
    '{',
    '"',
    'é',
    '😀',
    '\ud800',
    'HTTP/1.1',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), fc.nat(40), (pieces, base64, offset) => {
      const text = pieces.join('');
      const { rangeOf, problem } = parseMessage(text, { base64 });
      const ranges = [
        ...PLACES.map(([at]) => rangeOf(at)),
        rangeOf('', offset),
        problem && [problem.from, problem.to],
      ].filter(Boolean);
      for (const [from, to] of ranges)
        assert.ok(from >= 0 && from <= to && to <= text.length, `${JSON.stringify(text)} ${from} ${to}`);
    }),
    { numRuns: 2000 },
  );
});

const EDITS = [
  [
    'a header',
    withHeader,
    ['POST /a HTTP/1.1\r\nA:1\r\nB: 2\r\n\r\nx', 0, 'C', '3'],
    'POST /a HTTP/1.1\r\nC: 3\r\nB: 2\r\n\r\nx',
  ],
  [
    'a header, with line breaks in it',
    withHeader,
    ['POST /a HTTP/1.1\nA: 1\n\n', 0, 'A:', '1\n\nevil'],
    'POST /a HTTP/1.1\nA: 1 evil\n\n',
  ],
  [
    'a header, with blanks around it',
    withHeader,
    ['POST /a HTTP/1.1\nA:\t1 \n\n', 0, 'A', ' 2 '],
    'POST /a HTTP/1.1\nA:\t2 \n\n',
  ],
  [
    'a new header',
    addHeader,
    ['POST /a HTTP/1.1\r\nA: 1\r\n\r\nx', 'B', '2'],
    'POST /a HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\nx',
  ],
  ['a new header behind an open head', addHeader, ['POST /a HTTP/1.1', 'B', '2'], 'POST /a HTTP/1.1\nB: 2'],
  ['a first header', addHeader, ['', 'B', '2'], 'POST / HTTP/1.1\nB: 2\n\n'],
  ['a header less', removeHeader, ['POST /a HTTP/1.1\nA: 1\nB: 2\n\nx', 1], 'POST /a HTTP/1.1\nA: 1\n\nx'],
  [
    'other headers',
    withHeaders,
    ['POST /a HTTP/1.1\r\nA: 1\r\n\r\nx', 'B: 2\nC: 3\n'],
    'POST /a HTTP/1.1\r\nB: 2\r\nC: 3\r\n\r\nx',
  ],
  [
    'a parameter',
    withQuery,
    ['POST /a?b=%61&c=d HTTP/1.1\n\n', 0, 'b', 'x &+é='],
    'POST /a?b=x%20%26%2B%C3%A9=&c=d HTTP/1.1\n\n',
  ],
  ["a parameter's name alone", withQuery, ['POST /a?b=%61 HTTP/1.1\n\n', 0, 'e', 'a'], 'POST /a?e=%61 HTTP/1.1\n\n'],
  ['a parameter without a value', withQuery, ['POST /a?b HTTP/1.1\n\n', 0, 'c', ''], 'POST /a?c HTTP/1.1\n\n'],
  ['a first parameter', addQuery, ['POST /a#f HTTP/1.1\n\n', 'b', 'c'], 'POST /a?b=c#f HTTP/1.1\n\n'],
  ['a parameter behind a question mark', addQuery, ['POST /a? HTTP/1.1\n\n', 'b', 'c'], 'POST /a?b=c HTTP/1.1\n\n'],
  ['a second parameter', addQuery, ['POST /a?x=1 HTTP/1.1\n\n', 'b', 'c'], 'POST /a?x=1&b=c HTTP/1.1\n\n'],
  [
    'the first of two parameters less',
    removeQuery,
    ['POST /a?x=1&y=2#f HTTP/1.1\n\n', 0],
    'POST /a?y=2#f HTTP/1.1\n\n',
  ],
  ['the second less', removeQuery, ['POST /a?x=1&y=2#f HTTP/1.1\n\n', 1], 'POST /a?x=1#f HTTP/1.1\n\n'],
  ['the only parameter less', removeQuery, ['POST /a?x=1 HTTP/1.1\n\n', 0], 'POST /a HTTP/1.1\n\n'],
  ['the body', withBody, ['POST /a HTTP/1.1\r\nA: 1\r\n\r\nold', 'new\n'], 'POST /a HTTP/1.1\r\nA: 1\r\n\r\nnew\n'],
  [
    'a body behind an open head',
    withBody,
    ['POST /a HTTP/1.1\r\nA: 1\r\n', 'new'],
    'POST /a HTTP/1.1\r\nA: 1\r\n\r\nnew',
  ],
  ['a body alone', withBody, ['', '{}'], 'POST / HTTP/1.1\n\n{}'],
];

for (const [name, edit, parameters, expected] of EDITS)
  test(`edit: ${name}`, () => assert.equal(edit(...parameters), expected));

test('a name and value that were put into the query are read from it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (name, value) => {
      const { layout } = parseMessage(addQuery('POST /a?x=1 HTTP/1.1\n\n', name, value));
      assert.deepEqual([layout.query[1].name, layout.query[1].value], [name, value]);
    }),
  );
});

test('a recording is the message that the page judged', () => {
  const start = fc.constantFrom(
    'POST /a?b=c HTTP/1.1',
    'PUT  https://h.example/é\tHTTP/2 ',
    '/a',
    '\ufeff\n/b',
    'POST /中?a=é\ud800',
    'https://h.example',
    'HTTP/1.1 204 No',
    'HTTP/2 200 好',
  );
  const line = fc.constantFrom(
    'X: 1',
    'X-é:\t\xff\t',
    'X-中: é中',
    'X:a\r',
    'Content-Length: 3',
    'content-length : 2',
    'Content-Length: 003',
    'Content-Length:',
    'Content-Length: x',
    ':',
  );
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r\r\n');
  const text = fc.tuple(
    fc.array(fc.tuple(lineBreak, line), { maxLength: 4 }).chain((lines) => start.map((first) => [first, ...lines])),
    fc.oneof(
      lineBreak,
      fc.string({ unit: 'binary', maxLength: 5 }).map((body) => `\n\n${body}`),
    ),
    fc.boolean(),
  );
  let read = 0;
  fc.assert(
    fc.property(text, ([lines, last, base64]) => {
      const message = { text: lines.flat().join('') + last, base64 };
      const expected = parseMessage(message.text, message).message;
      if (!expected) return;
      read += 1;
      assert.deepEqual(withoutLength(parseRecording(recordingBytes(message), 'x').request), withoutLength(expected));
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 1000, `${read}`);
});

function withoutLength({ headers, body, ...start }) {
  return {
    ...start,
    headers: headers.filter(([name]) => name.toLowerCase() !== 'content-length'),
    body: Buffer.from(body).toString('hex'),
  };
}

test('a recording stays as it was written, and what is no recording becomes one', () => {
  const written = [
    ['POST / HTTP/1.1\na: \xe9\nContent-Length: 2\n\nhi', undefined],
    ['POST /a HTTP/2.0\r\nA:1 \r\n\r\nhi', undefined],
    ['/a', 'GET /a HTTP/1.1\n\n'],
    ['\n/a\nA: 1\n\nhi', 'POST /a HTTP/1.1\nA: 1\n\nhi'],
    ['POST /中\r\nA: 1\r\n', 'POST /%E4%B8%AD HTTP/1.1\r\nA: 1\r\n\r\n'],
    ['POST /a HTTP/1.1\nContent-Length: 9\n\nhi', 'POST /a HTTP/1.1\nContent-Length: 2\n\nhi'],
  ];
  for (const [text, expected = text] of written)
    assert.equal(Buffer.from(recordingBytes({ text })).toString('latin1'), expected);
});
