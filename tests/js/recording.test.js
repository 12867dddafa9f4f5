// The raw answer that `curl -i` writes: the heads of earlier responses are not the answer's.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseRecording } from '../../pkg/read/recording.js';
import { folder, run } from './setup.js';

const BODY = '{"status":"PUBLISHED","operation_id":"op-1","errors":[]}';
const TYPE = 'content-type: application/json\r\n';
const OK = `HTTP/1.1 200 OK\r\n${TYPE}content-length: ${BODY.length}\r\n\r\n${BODY}`;
const read = (text) => {
  const { request, head } = parseRecording(Buffer.from(text), 'a.http');
  return { ...request, head, body: Buffer.from(request.body).toString() };
};

const EARLIER = {
  'an interim response': 'HTTP/1.1 100 Continue\r\n\r\n',
  'several, with headers': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  'lines that end in LF': 'HTTP/1.1 100 Continue\n\n',
  'no reason': 'HTTP/2 103 \r\n\r\n',
  'a tunnel': 'HTTP/1.1 200 Connection established\r\nproxy-agent: x\r\n\r\n',
  'a tunnel that says OK': 'HTTP/1.0 200 OK\r\n\r\n',
  'a redirect': `HTTP/1.1 307 Temporary Redirect\r\nlocation: /b\r\n${TYPE}content-length: 9\r\n\r\n`,
  'a demand for a password': 'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Digest x\r\n\r\n',
  'all of them':
    'HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nlocation: /\r\n\r\n',
};

for (const [what, earlier] of Object.entries(EARLIER))
  test(`${what} before the answer`, () => {
    assert.deepEqual(read(`${earlier}${OK}`), { ...read(OK), head: `${earlier}${read(OK).head}` });
  });

const LAST = {
  'an interim response alone': ['HTTP/1.1 100 Continue\r\n\r\n', 100, ''],
  'a body that begins like one': [`HTTP/1.1 200 OK\r\nContent-Type: message/http\r\n\r\n${OK}`, 200, OK],
  'an error whose body begins like one': [`HTTP/1.1 502 Bad Gateway\r\n\r\n${OK}`, 502, OK],
  'a redirect with a body': ['HTTP/1.1 302 Found\r\n\r\nmoved: HTTP/1.1 200 OK', 302, 'moved: HTTP/1.1 200 OK'],
  'no more than HTTP': ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 OK\r\n\r\n', 100, 'HTTP/1.1 OK\r\n\r\n'],
};

for (const [what, [text, status, body]] of Object.entries(LAST))
  test(`${what} is the answer`, () => {
    const { status: found, body: rest } = read(text);
    assert.deepEqual([found, rest], [status, body]);
  });

test('a request has none', () => {
  const text = `POST /a HTTP/1.1\r\n\r\n${OK}`;
  assert.deepEqual(read(text).body, OK);
});

test('a target is a text, as in a HAR, and a byte order mark before it is none of it', () => {
  const target = '/v1/kb/知识库/documents?action=导入';
  for (const mark of ['', '\ufeff'])
    assert.equal(read(`${mark}GET ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`).url, target);
  const bytes = Buffer.from('GET /\xff HTTP/1.1\r\n\r\n', 'latin1'); // no UTF-8
  assert.equal(parseRecording(bytes, 'a.http').request.url, '/\xff');
});

test('many heads are read in linear time', () => {
  const { status } = read(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20_000)}${OK}`);
  assert.equal(status, 200);
});

test('the command line counts lines from the first, and shows nothing of the earlier heads', async (t) => {
  const earlier = 'HTTP/1.1 302 Found\r\nset-cookie: id=s3cr3t-cookie\r\n\r\n';
  const cwd = folder(t);
  const ends = async (code, text, ...args) => {
    writeFileSync(join(cwd, 'a.http'), `${earlier}${text}`);
    const ended = await run([...args, 'a.http'], { cwd });
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
    return ended.stdout + ended.stderr;
  };
  const verify = ['verify', '--contract', 'coze-publish-answer'];
  await ends(0, OK, ...verify);
  const wrong = await ends(1, OK.replace('200 OK', '422 X'), ...verify);
  assert.match(wrong, /a\.http:8:/);
  assert.doesNotMatch(wrong, /s3cr3t/);
  assert.match(await ends(3, OK.slice(0, -3), ...verify), /a\.http:6: .*content-length/);
  const gone = `HTTP/1.1 410 Gone\r\n${TYPE}\r\n{"code":"API_DEPRECATED"}`;
  const check = ['check', '--pack', 'coze-migration', '--now', '2024-08-01T00:00:00Z'];
  assert.match(await ends(1, gone, ...check), /a\.http:4:/);
});

test('what curl itself writes', async (t) => {
  if (spawnSync('curl', ['--version']).status !== 0) return t.diagnostic('skipped: curl is not installed');
  const server = createServer((request, response) => {
    if (request.url === '/old') response.writeHead(307, { location: '/new' }).end('moved');
    else request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(BODY));
  });
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${server.address().port}/old`;
  const curl = spawn('curl', ['-siL', '-H', 'Expect: 100-continue', '-d', 'x', url]);
  const chunks = [];
  curl.stdout.on('data', (chunk) => chunks.push(chunk));
  await once(curl, 'close');
  const { status, body, head } = read(Buffer.concat(chunks));
  assert.deepEqual([status, body], [200, BODY]);
  assert.match(head, /^HTTP\/1\.1 (?:100|307) /);
});
