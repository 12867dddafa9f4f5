// Recorded traffic: HAR and .http as documents for packs and as requests for contracts.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { jsonProblems } from '../../pkg/api/node.js';
import { httpDocuments } from '../../pkg/read/traffic.js';
import { compile } from '../../pkg/node.js';
import { BODY, folder, NOW, ROOT, SECRET, URL_ } from './setup.js';
import { bodyOf, COZE, documents, ends, entry, files, har, pairs, TOKEN } from './traffic/recordings.js';

test("an entry is a document in HAR's own form, with its bodies parsed beside their text", () => {
  const content = { text: Buffer.from('{"code":1}').toString('base64'), encoding: 'base64' };
  const [{ value }] = documents(har(entry({ body: '{"bot_id":"1"}', answer: content })));
  assert.deepEqual(value.request.postData, {
    mimeType: 'application/json',
    text: '{"bot_id":"1"}',
    _json: { bot_id: '1' },
  });
  assert.deepEqual(value.response.content, { size: 0, mimeType: 'x-unknown', ...content, _json: { code: 1 } });
});

test('a body that is not JSON with one meaning is not there for the rules', () => {
  for (const body of [
    '',
    'a=b',
    '{',
    '{"a":1,"a":2}',
    '{"a":"\\ud800"}',
    '\ufeff{}',
    '7',
    '"x"',
    `${'['.repeat(600)}${']'.repeat(600)}`,
  ])
    assert.ok(!('_json' in bodyOf(body)), body);
  // What a recording claims to be our own member is none.
  const claimed = entry({ body: 'x' });
  claimed.request.postData._json = { bot_id: '1' };
  assert.ok(!('_json' in documents(har(claimed))[0].value.request.postData));
  // Notes of one kind never hide those of another.
  assert.ok(!('_json' in bodyOf(`{"n":[${Array(64).fill('9007199254740993').join(',')}],"a":1,"a":2}`)));
});

test('what browsers write is read', () => {
  const stack = Array.from({ length: 32 }).reduce((parent) => ({ callFrames: [], parent }), {});
  const chrome = entry({
    status: 0,
    _initiator: { type: 'script', stack },
    _priority: 'High',
    serverIPAddress: '192.0.2.1',
    connection: '443',
    time: 12.345999999993538,
  });
  const text = `\ufeff${JSON.stringify(har(chrome, entry({ body: 'half \ud83d' })), null, 2)}`;
  const found = documents(text);
  assert.equal(found.length, 2);
  assert.equal(found[1].value.request.postData.text, 'half \ufffd');
  assert.equal(found[0].locate('/request/url').line, text.split('\n').findIndex((line) => line.includes('"url"')) + 1);
});

test('what is no HAR says so', async (t) => {
  const broken = har(entry());
  broken.log.entries[0].request.headers[0] = { name: 'a' };
  const cwd = files(t, {
    'empty.har': '',
    'text.har': 'x',
    'none.har': '{}',
    'list.har': '[]',
    'null.har': 'null',
    'cut.har': '{"log":{"entries":[',
    'pair.har': broken,
    'nothing.har': har(),
    'twice.har': '{"log":1,"log":{"entries":[]}}',
    'utf16.har': Buffer.from('\ufeff{}', 'utf16le'),
  });
  const stderr = async (...args) => (await ends(3, [...COZE, ...args], { cwd })).stderr;
  for (const name of ['none.har', 'list.har', 'null.har'])
    assert.match(await stderr(name), /it is not a HAR: it has no list `log\.entries`/);
  assert.match(await stderr('empty.har'), /empty\.har:1:1: the HAR cannot be read/);
  assert.match(await stderr('cut.har'), /cut\.har:1:20: the HAR cannot be read/);
  assert.match(await stderr('twice.har'), /stands twice/);
  assert.match(await stderr('utf16.har'), /UTF-16/);
  assert.match(
    await stderr('pair.har'),
    /pair\.har:\d+:\d+: not an entry of a HAR: `\/log\/entries\/0\/request\/headers\/0\/value` is missing or/,
  );
  assert.match(await stderr('nothing.har'), /no document for a pack was found/);
  assert.match(
    (await ends(3, ['verify', '--contract', 'sub2api', '--key-env', 'S', 'none.har'], { cwd, env: { S: SECRET } }))
      .stderr,
    /it is not a HAR.*\n.*export it again as HAR 1\.2\n/,
  );
});

test('findings point into the file', async (t) => {
  const cwd = files(t, {
    'a.har': har(
      entry({ url: 'https://cdn.example/' }),
      entry({ headers: { a: 'b', Authorization: `Bearer ${TOKEN}` }, body: '{"bot_id":1}' }),
    ),
  });
  const { stdout } = await ends(0, [...COZE, '-f', 'json', 'a.har'], { cwd });
  const text = JSON.stringify(
    har(
      entry({ url: 'https://cdn.example/' }),
      entry({ headers: { a: 'b', Authorization: `Bearer ${TOKEN}` }, body: '{"bot_id":1}' }),
    ),
    null,
    2,
  ).split('\n');
  const found = JSON.parse(stdout).findings.map(({ at, source }) => [
    at,
    text[source.line - 1].slice(source.column - 1, source.endColumn - 1),
  ]);
  assert.deepEqual(found, [
    ['/log/entries/1/request/postData/text', '"{\\"bot_id\\":1}"'],
    ['/log/entries/1/request/headers/1/value', `"Bearer ${TOKEN}"`],
  ]);
});

test('a raw message is an entry of its own', () => {
  const read = (text) => httpDocuments(Buffer.from(text), 'a.http', jsonProblems)[0];
  const { value, locate } = read(
    'POST /v2/chat?chat_id=7%20x HTTP/1.1\r\nHost: api.coze.com\r\nAuthorization: Bearer ' +
      `${TOKEN}\r\n\r\n{"bot_id":\n 1}`,
  );
  assert.equal(value.request.url, 'https://api.coze.com/v2/chat?chat_id=7%20x');
  assert.deepEqual(value.request.queryString, [{ name: 'chat_id', value: '7 x' }]);
  assert.deepEqual(value.request.postData._json, { bot_id: 1 });
  assert.equal(value.response, undefined);
  const at = (pointer) => [locate(pointer).line, locate(pointer).column];
  assert.deepEqual(
    [
      '',
      '/request/method',
      '/request/url',
      '/request/headers/1/value',
      '/request/postData/_json/bot_id',
      '/request/queryString/0',
    ].map(at),
    [
      [1, 6],
      [1, 1],
      [1, 6],
      [3, 16],
      [6, 2],
      [1, 6],
    ],
  );
  const answer = read('HTTP/1.1 410 Gone\ncontent-type: application/json\n\n{"code":"API_DEPRECATED"}');
  assert.deepEqual(answer.value.response.content, {
    size: 25,
    mimeType: 'application/json',
    text: '{"code":"API_DEPRECATED"}',
    _json: { code: 'API_DEPRECATED' },
  });
  assert.equal(answer.locate('/response/status').column, 10);
  assert.equal(read('GET / HTTP/1.1\n\n').value.request.url, '/');
  assert.deepEqual(
    httpDocuments(Buffer.from([...Buffer.from('POST / HTTP/1.1\n\n'), 0xff]), 'a', jsonProblems)[0].value.request
      .postData,
    { mimeType: '', text: '/w==', encoding: 'base64' },
  );
});

test('packs judge their kind, and traffic asks for one by name', async (t) => {
  const cwd = files(t, {
    'a.har': har(entry(), entry()),
    'b.http': 'GET / HTTP/1.1\n\n',
    'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    'note.yaml': 'a: 1\n',
  });
  const { stderr } = await ends(3, ['check', 'a.har'], { cwd });
  assert.equal(stderr.match(/no pack checks/g).length, 1);
  assert.match(stderr, /--pack coze-migration/);
  assert.match((await ends(3, [...COZE, 'ns.yaml'], { cwd })).stderr, /no pack checks/);
  const counts = async (code, ...args) => JSON.parse((await ends(code, args, { cwd })).stdout).counts;
  assert.deepEqual(
    (({ documents, skipped }) => [documents, skipped])(await counts(1, 'check', '-f', 'json', '.')),
    [1, 4],
  );
  assert.deepEqual(
    (({ documents, skipped }) => [documents, skipped])(await counts(0, ...COZE, '-f', 'json', '.')),
    [3, 2],
  );
  assert.match(
    (await ends(3, ['check', '--pack', 'kubernetes', '--pack', 'coze-migration', 'ns.yaml'], { cwd })).stderr,
    /`coze-migration` got no documents/,
  );
});

test('a query and a form that only the URL and the text of a HAR have are read', async (t) => {
  const headers = { authorization: 'Bearer pat_abc' };
  const query = entry({ url: 'https://api.coze.com/v2/chat?conversation_id=123', headers });
  const form = entry({ body: 'bot_id=1&conversation_id=12%33', headers });
  form.request.postData.mimeType = 'application/x-www-form-urlencoded; charset=utf-8';
  const bare = entry({ url: 'https://api.coze.com/v2/x?access_token=bot_1#?a=b' });
  delete bare.request.queryString;
  const cwd = files(t, { 'a.har': har(query, form, bare) });
  const { findings } = JSON.parse((await ends(0, [...COZE, '-f', 'json', 'a.har'], { cwd })).stdout);
  assert.deepEqual(findings.map(({ code, at }) => `${at} ${code.replace('policy-coze-migration-', '')}`).sort(), [
    '/log/entries/0/request/url chat-id',
    '/log/entries/1/request/postData/text bot-id',
    '/log/entries/1/request/postData/text chat-id',
    '/log/entries/2/request/url bot-token',
  ]);
  assert.deepEqual(documents(har(query))[0].value.request.queryString, [{ name: 'conversation_id', value: '123' }]);
});

test('--as reads a file as what its name does not say', async (t) => {
  const cwd = files(t, {
    'a.json': har(entry({ url: 'https://api.coze.com/v1/x' })),
    'b.txt': 'GET /v1/x HTTP/1.1\n\n',
  });
  const late = ['check', '--pack', 'coze-migration', '--now', '2024-09-01T00:00:00Z'];
  await ends(1, [...late, '--as', 'har', 'a.json'], { cwd });
  await ends(1, [...late, '--as', 'http', 'b.txt'], { cwd });
  await ends(1, [...late, '--as', 'har', '-'], {
    cwd,
    input: JSON.stringify(har(entry({ url: 'https://api.coze.com/v1/x' }))),
  });
  await ends(2, [...late, '--as', 'pcap', 'b.txt'], { cwd });
});

test('the deadline turns warnings into errors', async (t) => {
  const cwd = files(t, { 'a.http': 'GET /v1/x HTTP/1.1\nHost: api.coze.com\n\n' });
  const at = (now, code) => ends(code, ['check', '--pack', 'coze-migration', '--now', now, 'a.http'], { cwd });
  assert.match((await at('2024-08-31T15:59:59Z', 0)).stdout, /warning.*less than a day left until 2024-08-31 is over/);
  assert.match((await at('2024-09-01T00:00:00+08:00', 1)).stdout, /error.*the deadline 2024-08-31 has passed/);
  assert.match((await at('2024-08-31', 0)).stdout, /warning.*less than a day left/);
  for (const none of ['2024-08-32', '2024-02-30', '2024-02-30T00:00:00Z', '2024-8-1'])
    assert.match((await at(none, 2)).stderr, /nor a day/);
});

test('verify judges the requests of a HAR', async (t) => {
  const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
  const signed = gate.sign(
    { method: 'POST', url: URL_, headers: [['content-type', 'application/json']], body: Buffer.from(BODY) },
    { now: NOW },
  );
  const of = (headers, body, more) => entry({ url: `https://a.example${URL_}`, headers, body, ...more });
  const good = { ':authority': 'a.example', ':method': 'POST', ...Object.fromEntries(signed.headers) };
  const cwd = files(t, {
    'a.har': har(of(good, BODY), of(good, `${BODY} `)),
    'cut.har': har(of({ ...good, 'content-length': '999' }, BODY)),
    'form.har': har(
      Object.assign(of(good), {
        request: { ...of(good).request, postData: { mimeType: 'a', params: [{ name: 'a' }] } },
      }),
    ),
  });
  const options = { cwd, env: { S: SECRET } };
  const verify = ['verify', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW)];
  const { stdout } = await ends(1, [...verify, 'a.har'], options);
  assert.match(stdout, /✓ a\.har#0: sub2api says accept/);
  assert.match(stdout, /✗ a\.har#1: sub2api says reject/);
  assert.match(
    (await ends(3, [...verify, 'cut.har'], options)).stderr,
    /cut\.har#0: the HAR has \d+ bytes of the body, but content-length is 999/,
  );
  assert.match((await ends(3, [...verify, 'form.har'], options)).stderr, /the body's parameters, but not its bytes/);
});

test('verify judges the answers of a HAR where the contract is of answers', async (t) => {
  const contract = {
    contract: 'answers',
    version: 1,
    signature: null,
    response: { statuses: [200], contentTypes: ['application/json'] },
    schema: { type: 'object', required: ['id'] },
  };
  const answered = (text, more) => {
    const one = entry({ answer: { text, ...more } });
    one.response.headers = pairs({ ':status': '200', 'Content-Type': 'application/json', 'Set-Cookie': 'a=1\nb=2' });
    return one;
  };
  const cwd = files(t, {
    'c.json': contract,
    'a.har': har(
      answered('{"id":1}'),
      answered(Buffer.from('{"id":1}').toString('base64'), { encoding: 'base64' }),
      answered('{}'),
    ),
    'none.har': har(entry({ status: 0 })),
    'empty.har': har(),
    'lost.har': har(entry({ answer: { size: 8 } })),
    'bad.har': har(answered('{"id":1}', { encoding: 'base64' })),
    'odd.har': har(answered('{"id":1}', { encoding: 'hex' })),
  });
  const { stdout } = await ends(1, ['verify', '--contract', './c.json', 'a.har'], { cwd });
  assert.deepEqual(
    [...stdout.matchAll(/([✓✗]) a\.har#(\d)/g)].map(([, sign, index]) => sign + index),
    ['✓0', '✓1', '✗2'],
  );
  assert.match(
    (await ends(3, ['verify', '--contract', './c.json', 'none.har'], { cwd })).stderr,
    /none\.har#0: the entry has no response/,
  );
  const stderr = async (name) => (await ends(3, ['verify', '--contract', './c.json', name], { cwd })).stderr;
  assert.match(
    await stderr('lost.har'),
    /lost\.har#0: the HAR has nothing of the response's body, but `content\.size` is 8/,
  );
  assert.match(await stderr('bad.har'), /bad\.har#0: the body claims to be base64, but is not/);
  assert.match(await stderr('odd.har'), /odd\.har#0: the body has an `encoding` that is not base64/);
  assert.match(await stderr('empty.har'), /empty\.har: the HAR has no entries/);
});

test("the examples of the packs' documents find what they say", async (t) => {
  const cwd = folder(t);
  cpSync(join(ROOT, 'examples'), join(cwd, 'examples'), { recursive: true });
  const count = async (code, ...args) =>
    JSON.parse((await ends(code, ['check', '-f', 'json', ...args], { cwd })).stdout).findings.length;
  const coze = ['--pack', 'coze-migration', 'examples/traffic/coze.har'];
  assert.equal(await count(0, '--now', '2024-07-14T15:59:59Z', ...coze), 5);
  assert.equal(await count(1, '--now', '2024-08-01T00:00:00Z', ...coze), 5);
  const roadmap = ['--pack', 'api-lifecycle', '--data', 'examples/traffic/roadmap.json', 'examples/traffic/shop.har'];
  assert.equal(await count(0, '--now', '2024-12-31T00:00:00Z', ...roadmap), 0);
  assert.equal(await count(1, '--now', '2025-03-01T00:00:00Z', ...roadmap), 2);
  assert.equal(await count(1, '--now', '2025-08-01T00:00:00Z', ...roadmap), 3);
  assert.equal(await count(1, '--now', '2026-02-01T00:00:00Z', ...roadmap), 4);
});
