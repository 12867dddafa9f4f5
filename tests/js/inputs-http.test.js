// Recordings that hold several messages, chunks, or less than was sent: each message is judged, or says why not, alone.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { recordings } from '../../pkg/read/recordings.js';
import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { folder, run } from './setup.js';
import { entry, har } from './traffic/recordings.js';

const A = 'POST /a HTTP/1.1\r\nhost: h.example\r\ncontent-length: 4\r\n\r\none\n';
const B = 'POST /b HTTP/1.1\r\n\r\ntwo';
const CHUNKED = 'POST /c HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n';

/** What is read of each message: its file, target and body, or its problem with the line. */
const read = (text) =>
  recordings(Buffer.from(text), 'a.http').map((one) => {
    try {
      const { request, head } = one.read();
      const line = /^\n*/.exec(head)[0].length + 1;
      return [one.file, request.url ?? request.status, Buffer.from(request.body).toString(), line];
    } catch (error) {
      assert.ok(error instanceof Unevaluated, error.stack);
      assert.ok(error.place.file === one.file && error.place.line >= 1);
      return `${error.place.line}: ${error.message}`;
    }
  });

for (const [what, text, expected] of [
  ['one message is taken as it is', `${B}\n\n`, [['a.http', '/b', 'two\n\n', 1]]],
  ['a byte order mark before it', `\ufeff${B}`, [['a.http', '/b', 'two', 1]]],
  [
    '`###` in a body that nothing follows as a message',
    `${B}\n### Title\ntext`,
    [['a.http', '/b', 'two\n### Title\ntext', 1]],
  ],
  [
    'two with `###` between',
    `${A}###\n${B}\n\n`,
    [
      ['a.http#0', '/a', 'one\n', 1],
      ['a.http#1', '/b', 'two', 7],
    ],
  ],
  [
    'a name, comments and a comment before the first',
    `# ours\n### First\n# @name first\n${B}\n\n### Second\n// more\n\n${A}`,
    [
      ['a.http#0', '/b', 'two', 4],
      ['a.http#1', '/a', 'one\n', 11],
    ],
  ],
  [
    'requests without a version, as editors write them',
    '### one\nPOST https://h.example/a?b=1\nx-a: b\n\n{}\n\n###\nGET /c\n\n',
    [
      ['a.http#0', 'https://h.example/a?b=1', '{}', 2],
      ['a.http#1', '/c', '', 8],
    ],
  ],
  ['comments before one message', `# ours\n${B}\n`, [['a.http', '/b', 'two', 2]]],
  [
    'one after the other, each with its length',
    `${A}${A}`,
    [
      ['a.http#0', '/a', 'one\n', 1],
      ['a.http#1', '/a', 'one\n', 6],
    ],
  ],
  [
    '`###` within a body whose length is said',
    'POST /a HTTP/1.1\ncontent-length: 25\n\n### x\nGET /b HTTP/1.1\n\n..',
    [['a.http', '/a', '### x\nGET /b HTTP/1.1\n\n..', 1]],
  ],
  [
    'answers',
    'HTTP/1.1 200 OK\n\n1\n###\nHTTP/1.1 404 Not Found\n\n2\n',
    [
      ['a.http#0', 200, '1', 1],
      ['a.http#1', 404, '2', 5],
    ],
  ],
  [
    'a length that is too long says so, and the next is read',
    `${A.replace('4', '40')}###\n${B}`,
    ['3: the body has 3 bytes, but content-length is 40', ['a.http#1', '/b', 'two', 7]],
  ],
  [
    'more than the length says',
    'POST / HTTP/1.1\ncontent-length: 2\n\n{}{}',
    ['2: content-length is 2, but 2 more bytes follow'],
  ],
  [
    "line breaks after the length are an editor's",
    'POST / HTTP/1.1\ncontent-length: 2\n\n{}\r\n\n',
    [['a.http', '/', '{}', 1]],
  ],
  [
    'a second message without a sign',
    `GET /a HTTP/1.1\n\n${B}`,
    ['3: a second message begins here, and nothing says where the first one ends'],
  ],
  [
    'variables',
    `@host = a\n\n${B.replace('two', '{"a":"{{host}}"}')}`,
    ['5: `{{host}}` stands for a value that only an editor knows'],
  ],
  [
    'a variable in the head',
    `###\n${B.replace('/b', '/{{b}}')}`,
    ['2: `{{b}}` stands for a value that only an editor knows'],
  ],
  ['braces in a body as it was sent', B.replace('two', '{{b}}'), [['a.http', '/b', '{{b}}', 1]]],
  [
    'a body in another file',
    `# x\n${B.replace('two', '< ./body.json')}`,
    ['4: a line that an editor runs: no script is run here, and no other file is read'],
  ],
  [
    'a script after it',
    `${B}\n\n> {% client.test() %}\n###\n${A}`,
    ['5: a line that an editor runs: no script is run here, and no other file is read', ['a.http#1', '/a', 'one\n', 7]],
  ],
  ['chunks', `${CHUNKED}4;x=1\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n`, [['a.http', '/c', 'Wikipedia', 1]]],
  ['chunks whose last empty line an editor dropped', `${CHUNKED}4\r\nWiki\r\n0\r\n`, [['a.http', '/c', 'Wiki', 1]]],
  ['chunks that curl has joined', `${CHUNKED}{"a":1}`, [['a.http', '/c', '{"a":1}', 1]]],
  ['chunks that are cut', `${CHUNKED}4\r\nWi`, ['2: transfer-encoding is chunked, but the chunks are not whole']],
  [
    'a chunk that is longer than it says',
    `${CHUNKED}3\r\nWiki\r\n0\r\n\r\n`,
    ['2: transfer-encoding is chunked, but the chunks are not whole'],
  ],
  ['trailers', `${CHUNKED}0\r\nx-mac: 1\r\n\r\n`, ['2: header lines follow the chunks, which nothing checks']],
  [
    'both framings',
    CHUNKED.replace('/c HTTP/1.1', '/c HTTP/1.1\r\ncontent-length: 3'),
    ['2: it has both transfer-encoding and content-length, and receivers disagree on which of the two counts'],
  ],
  ['another coding', CHUNKED.replace('chunked', 'gzip, chunked'), ['2: transfer-encoding is not chunked alone']],
  ['bytes after the chunks', `${CHUNKED}0\r\n\r\nmore`, ['2: the chunks end, but 4 more bytes follow']],
])
  test(`.http: ${what}`, () => {
    assert.deepEqual(read(text), expected);
  });

test('many lines that begin with ### cost no more than their number', () => {
  assert.equal(read(`${B}\n${'### x\n'.repeat(400_000)}`).length, 1); // the rest for each of them would take hours
});

function files(t, named) {
  const cwd = folder(t);
  for (const [name, content] of Object.entries(named)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return cwd;
}
const CONTRACT = {
  contract: 'c',
  version: 1,
  signature: null,
  schema: { required: ['id'] },
};
const message = (body, more = '') => `POST / HTTP/1.1\ncontent-type: application/json\n${more}\n${body}\n`;

test('verify judges each message, and what cannot be read is exit 3 for it alone', async (t) => {
  const cwd = files(t, {
    'c.json': CONTRACT,
    'a.http': [message('{"id":1}'), message('{"no":1}'), message('{"id":1}', 'content-length: 99\n')].join('###\n'),
    'rest/b.http': message('{"id":1}'),
    'rest/c.har': '{',
  });
  const verify = (...paths) => run(['verify', '--contract', './c.json', ...paths], { cwd });
  const { code, stdout, stderr } = await verify('a.http');
  assert.equal(code, 3);
  assert.match(stdout, /✓ a\.http#0/);
  assert.match(stdout, /a\.http#1:9:1[\s\S]*✗ a\.http#1/);
  assert.match(stderr, /a\.http#2:13: the body has 8 bytes, but content-length is 99/);
  const others = await verify('rest');
  assert.equal(others.code, 3);
  assert.match(others.stdout, /✓ rest\/b\.http/);
  assert.match(others.stderr, /rest\/c\.har:1:2: the HAR cannot be read/);
});

test('an entry of a HAR that lost its body, or whose header is no text, is exit 3 for that entry alone', async (t) => {
  const headers = { 'content-type': 'application/json' };
  const [lost, cut, number, good] = Array.from({ length: 4 }, () => entry({ headers, body: '{"id":1}' }));
  Object.assign(lost.request, { bodySize: 28, postData: { mimeType: 'application/json' } });
  cut.request.bodySize = 9;
  number.request.headers.push({ name: 'x-id', value: 7 });
  const nothing = entry({ headers, body: '{"id":1}' });
  nothing.response.headers.push({ name: 'x', value: null });
  good.request.bodySize = 8;
  const coded = entry({ headers: { ...headers, 'content-encoding': 'gzip' }, body: '{"id":1}' });
  coded.request.bodySize = 200;
  const cwd = files(t, {
    'c.json': CONTRACT,
    'a.har': har(lost, cut, number, nothing, good, 'x'),
    'b.har': har(lost, number, good, coded),
  });
  const { code, stdout, stderr } = await run(['verify', '--contract', './c.json', 'a.har'], { cwd });
  assert.equal(code, 3);
  assert.match(stderr, /a\.har#0: the HAR has nothing of the body, but its `bodySize` is 28/);
  assert.match(stderr, /a\.har#1: the HAR has 8 bytes of the body, but its `bodySize` is 9/);
  assert.match(stderr, /`\/log\/entries\/2\/request\/headers\/1\/value` is missing or has the wrong type/);
  assert.match(stderr, /`\/log\/entries\/3\/response\/headers\/0\/value` is missing/);
  assert.match(stderr, /`\/log\/entries\/5` is missing/);
  assert.match(stdout, /✓ a\.har#4: c says accept/);
  assert.equal(stdout.match(/a\.har#/g).length, 1);
  const checked = await run(['check', '--pack', 'coze-migration', '--now', '2024-08-01', '-f', 'json', 'b.har'], {
    cwd,
  });
  assert.equal(checked.code, 3);
  const { counts, problems } = JSON.parse(checked.stdout);
  assert.equal(counts.documents, 3); // rules see what was recorded, and `bodySize`
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [['b.har', 1]],
  );
});

test('a case has one message', async (t) => {
  const cwd = files(t, {
    'case.json': { contract: CONTRACT },
    'request.http': `${message('{}')}###\n${message('{}')}`,
  });
  const { code, stderr } = await run(['verify', '.'], { cwd });
  assert.equal(code, 3);
  assert.match(stderr, /request\.http: it has several messages, and a case has one/);
});

test('check judges each message of a .http file', async (t) => {
  const cwd = files(t, {
    'a.http': ['/v1/x', '/v3/x', '/{{x}}'].map((path) => `GET ${path} HTTP/1.1\nHost: api.coze.com\n\n`).join('###\n'),
  });
  const args = ['check', '--pack', 'coze-migration', '--now', '2024-09-02', '-f', 'json', 'a.http'];
  const { code, stdout } = await run(args, { cwd });
  assert.equal(code, 3);
  const { counts, findings, problems } = JSON.parse(stdout);
  assert.equal(counts.documents, 2);
  assert.equal(findings[0].source.line, 1);
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [['a.http#2', 9]],
  );
});

test('the gate gets the joined chunks with the header that was sent', async () => {
  const gate = await compile({ contract: 'c', version: 1, signature: null, schema: { required: ['id'] } });
  const text = 'POST / HTTP/1.1\ncontent-type: application/json\ntransfer-encoding: chunked\n\n8\n{"id":1}\n0\n\n';
  assert.equal(gate.check(recordings(Buffer.from(text), 'a.http')[0].read().request).verdict, 'accept');
  gate.free();
});
