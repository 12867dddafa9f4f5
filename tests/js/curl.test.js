// What is written as a curl command is what arrives: commands are run by a real shell and a real curl, and the bytes
// are compared.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile, shipped } from '../../pkg/api/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { curlCommand } from '../../pkg/write/curl.js';
import { messageBytes } from '../../pkg/write/message.js';
import { BODY, folder, NOW, run, SECRET, URL_ } from './setup.js';

const CURL = spawnSync('curl', ['--version']).status === 0;
const bytes = (text) => Buffer.from(text, 'latin1');

// A message each, on a POST of nothing to `/`; a text is of bytes.
const MESSAGES = [
  { url: '/a[1]{b,c}?x[]=1&{y}' },
  { url: '/a/../b/./c?d=../e' },
  { url: '/a/%2e%2e/b/%2E./..' },
  { url: '/a/.' },
  { url: '/x?q=%zz&y=a+b%20' },
  { url: `/a|b^c\`d"e<f>'\\g$h` },
  { url: '//double//x' },
  { url: '/\u00e9?\u00ff' },
  { url: '*', method: 'OPTIONS' },
  { headers: [['x-empty', '']] },
  { headers: [['accept', '']] },
  { headers: [['user-agent', '']] },
  { headers: [['content-type', '']], body: 'a' },
  { headers: [['x-quotes', `a'b"c$d\`e\\f!g`]] },
  { headers: [['x-latin', '\u00e9']] },
  { headers: [['x-utf-8', '\u00c3\u00a9']] },
  { headers: [['x-control', 'a\u0001b\u007f%s\\n']] },
  { headers: [['x-end', 'a;']] },
  {
    headers: [
      ['x', '1'],
      ['x', '2'],
    ],
  },
  { headers: [["!#$%&'*+.^_`|~", 'odd name']] },
  { headers: [['content-length', '3']], body: 'abc' },
  { headers: [['host', 'other.example']] },
  { body: '@file' },
  { body: '-d' },
  { body: 'a\0b' },
  { body: '\r\n\n' },
  { body: '\u00ff\u00fe' },
  { body: '\u001b[2J' },
  { body: `it's %s "$HOME" \`id\`\\` },
  { body: 'x'.repeat(300_000) },
  { method: 'GET' },
  { method: 'GET', body: 'a' },
  { method: 'HEAD' },
  { method: 'get' },
  { method: 'DELETE', body: '{}' },
];

/** A server that keeps the bytes of each message it is sent. */
async function listening(t) {
  const received = [];
  const server = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      got = Buffer.concat([got, data]);
      const end = got.indexOf('\r\n\r\n');
      const length = Number(/^content-length: *(\d+)/im.exec(got.subarray(0, end).toString('latin1'))?.[1] ?? 0);
      if (end === -1 || got.length < end + 4 + length) return;
      received.push(got);
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { received, origin: `http://127.0.0.1:${server.address().port}` };
}

async function typed(command, cwd) {
  const shell = spawn('sh', { cwd, stdio: ['pipe', 'ignore', 'pipe'] });
  shell.stdin.end(command.replace(/(?<=^|\| )curl /, 'curl --silent --show-error --max-time 20 '));
  const [code] = await once(shell, 'close');
  assert.equal(code, 0, command.slice(0, 1000));
}

test('a command sends the message, byte for byte', async (t) => {
  if (!CURL) return t.diagnostic('skipped: curl is not installed');
  const { received, origin } = await listening(t);
  for (const { method = 'POST', url = '/', headers = [], body = '' } of MESSAGES) {
    const message = { method, url: url === '*' ? url : origin + url, headers, body: bytes(body) };
    for (const options of [{ origin }, { origin, base64: true }]) {
      await typed(curlCommand(message, options));
      const { request } = parseRecording(received.pop(), 'received');
      const what = JSON.stringify({ method, url, headers, body: body.slice(0, 50) });
      assert.deepEqual([request.method, request.url], [method, url], what);
      assert.ok(message.body.equals(request.body), what);
      // curl adds headers of its own, but never a second line of a name, and no type.
      for (const name of new Set(['content-type', ...headers.map(([own]) => own)]))
        assert.deepEqual(
          request.headers.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value),
          headers.filter(([own]) => own === name).map(([, value]) => value),
          what,
        );
    }
  }
});

test('what `sign --curl` and `sign --http` print is accepted where it arrives', async (t) => {
  const { received, origin } = await listening(t);
  const cwd = folder(t);
  writeFileSync(join(cwd, "it's [a] body.json"), BODY);
  const { contract, files } = await shipped.contract('sub2api');
  const gate = await compile(contract, { files, keys: [{ secret: SECRET }] });
  const headers = ['x-e:', 'x-q: it\'s "$HOME"', 'x-u: é', 'x-w: €', `content-length: ${Buffer.byteLength(BODY)}`];
  const args = [
    ...['sign', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW)],
    ...headers.flatMap((header) => ['--header', header]),
    ...['--url', `${origin}${URL_}?x[]=1&{y}=../z`],
  ];
  const accepted = (recording) => {
    const { request } = parseRecording(recording, 'received');
    assert.equal(request.url, `${URL_}?x[]=1&{y}=../z`);
    assert.equal(gate.check(request, { now: NOW }).verdict, 'accept');
    const value = (wanted) => request.headers.filter(([name]) => name.toLowerCase() === wanted).map(([, one]) => one);
    assert.deepEqual(value('x-e'), ['']);
    assert.deepEqual(value('x-q'), ['it\'s "$HOME"']);
    assert.deepEqual(value('x-u'), [Buffer.from('é').toString('latin1')]);
    assert.deepEqual(value('x-w'), [Buffer.from('€').toString('latin1')]);
    assert.deepEqual(value('content-length'), [String(Buffer.byteLength(BODY))]);
    assert.equal(value('host').length, 1);
  };
  for (const file of ["it's [a] body.json", '-']) {
    const printed = async (...more) => {
      const { code, stdout, stderr } = await run([...args, ...more, file], { cwd, env: { S: SECRET }, input: BODY });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    accepted(Buffer.from(await printed('--http')));
    if (!CURL) continue;
    await typed(await printed('--curl'), cwd);
    accepted(received.pop());
  }
});

test('headers that would make another message of it are refused', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'body.json'), BODY);
  const refused = async (words, ...args) => {
    const given = ['sign', '--contract', 'sub2api', '--key-env', 'S', ...args, 'body.json'];
    const { code, stderr } = await run(given, { cwd, env: { S: SECRET } });
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
  };
  await refused(/content-length is 5, but the body has \d+ bytes/, '--header', 'Content-Length: 5');
  await refused(
    /transfer-encoding is not supported: the body is written whole/,
    '--header',
    'Transfer-Encoding: chunked',
  );
  await refused(/--header host is not the host of the URL, `h`/, '--header', 'Host: x', '--url', `http://h${URL_}`);
  await refused(/not a name, a colon and a value/, '--header', 'a b: c');
  await refused(/contains a user name/, '--url', `http://me:pw@h${URL_}`);
});

test('a message is written as it goes over the wire, and a value adds no header', () => {
  const message = { method: 'POST', url: '/a b', headers: [['x', 'a\r\nb: c']], body: bytes('\u00ff') };
  assert.equal(
    Buffer.from(messageBytes(message)).toString('latin1'),
    'POST /a%20b HTTP/1.1\r\nx: a b: c\r\n\r\n\u00ff',
  );
});
