// Recorded traffic: HAR and .http as documents for packs and as requests for contracts; and that no token leaves.

import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { jsonProblems } from '../../pkg/api/node.js';
import { harDocuments, httpDocument } from '../../pkg/read/traffic.js';
import { compile } from '../../pkg/node.js';
import { HarPlaces } from '../../pkg/places/har.js';
import { credentialRanges } from '../../pkg/places/secrets.js';
import { BODY, folder, NOW, ROOT, run, SECRET, URL_ } from './setup.js';

const TOKEN = 'bot_S3CRETs3cret';
const pairs = (headers) => Object.entries(headers).map(([name, value]) => ({ name, value }));
const har = (...entries) => ({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });

function entry({
  method = 'POST',
  url = 'https://api.coze.com/v2/chat',
  headers = {},
  body,
  status = 200,
  answer,
  ...more
} = {}) {
  return {
    startedDateTime: '2024-08-01T00:00:00.000Z',
    time: 1.5,
    request: {
      method,
      url,
      httpVersion: 'h2',
      cookies: [],
      headers: pairs(headers),
      queryString: [],
      ...(body === undefined ? {} : { postData: { mimeType: 'application/json', text: body } }),
    },
    response: {
      status,
      statusText: '',
      httpVersion: 'h2',
      cookies: [],
      headers: [],
      content: { size: 0, mimeType: 'x-unknown', ...answer },
    },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    ...more,
  };
}

const documents = (value) =>
  harDocuments(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 2)), 'a.har', jsonProblems);
const bodyOf = (body) => documents(har(entry({ body })))[0].value.request.postData;

async function ends(code, args, options) {
  const result = await run(args, options);
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

function files(t, named) {
  const cwd = folder(t);
  for (const [name, content] of Object.entries(named)) {
    writeFileSync(
      join(cwd, name),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 2),
    );
  }
  return cwd;
}

const COZE = ['check', '--pack', 'coze-migration', '--now', '2024-08-01T00:00:00Z'];

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
    assert.match(await stderr(name), /it is no HAR: it has no list `log\.entries`/);
  assert.match(await stderr('empty.har'), /empty\.har:1:1: the HAR cannot be read/);
  assert.match(await stderr('cut.har'), /cut\.har:1:20: the HAR cannot be read/);
  assert.match(await stderr('twice.har'), /stands twice/);
  assert.match(await stderr('utf16.har'), /UTF-16/);
  assert.match(await stderr('pair.har'), /pair\.har:\d+:\d+: it is no HAR: `\/log\/entries\/0\/request\/headers`/);
  assert.match(await stderr('nothing.har'), /nothing that a pack judges was found/);
  assert.match(
    (await ends(3, ['verify', '--contract', 'sub2api', '--key-env', 'S', 'none.har'], { cwd, env: { S: SECRET } }))
      .stderr,
    /it is no HAR.*\n.*export it anew as HAR 1\.2\n/,
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
  const read = (text) => httpDocument(Buffer.from(text), 'a.http', jsonProblems);
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
    httpDocument(Buffer.from([...Buffer.from('POST / HTTP/1.1\n\n'), 0xff]), 'a', jsonProblems).value.request.postData,
    { mimeType: '', text: '/w==', encoding: 'base64' },
  );
});

test('no output holds a token', async (t) => {
  const secret = entry({
    url: `https://api.coze.com/v1/bot/chat?access_token=${TOKEN}&a=b`,
    headers: {
      Authorization: `Bearer ${TOKEN}`,
      Cookie: `s=${TOKEN}`,
      Referer: `https://a.example/?x=1&token=${TOKEN}`,
      'X-Api-Key': TOKEN,
    },
    body: JSON.stringify({ bot_id: TOKEN, chat_id: TOKEN, conversation_id: TOKEN, token: TOKEN }),
    status: 403,
    answer: { text: `{"refresh_token":"${TOKEN}"}` },
    _custom: TOKEN,
  });
  secret.request.cookies = [{ name: 's', value: TOKEN }];
  secret.request.queryString = [
    { name: 'access_token', value: TOKEN },
    { name: 'chat_id', value: '7' },
  ];
  const path = entry({ url: `https://api.coze.com/v1/${TOKEN}/x` });
  const http =
    `POST /v1/bot/chat?token=${TOKEN} HTTP/1.1\nHost: api.coze.com\nAuthorization: ${TOKEN}\nCookie: ` +
    `${TOKEN}\n\n{"chat_id":"7","api_key":"${TOKEN}"}`;
  const cwd = files(t, {
    'a.har': har(secret),
    'flat.har': JSON.stringify(har(secret, secret)),
    'escaped.har': JSON.stringify(har(secret)).replaceAll('&', '\\u0026'),
    'a.http': http,
    'path.har': har(path),
  });
  for (const format of ['pretty', 'json', 'jsonl']) {
    for (const names of [['a.har', 'flat.har', 'escaped.har', 'a.http']]) {
      const { stdout, stderr } = await ends(0, [...COZE, '-f', format, ...names], { cwd });
      assert.ok(!(stdout + stderr).includes(TOKEN) && !stdout.includes(TOKEN.slice(4)), `${format}\n${stdout}`);
      assert.match(stdout, /coze-migration-bot-token/);
    }
    const { stdout } = await ends(0, [...COZE, '-f', format, 'path.har'], { cwd });
    assert.ok(!stdout.includes(TOKEN));
    for (const name of ['a.har', 'flat.har', 'a.http']) {
      const lifecycle = [
        'check',
        '--pack',
        'api-lifecycle',
        '--set',
        'retired=[{"paths":["/v1/"],"warn":"2024-01-01"}]',
        '--now',
        '2024-08-01T00:00:00Z',
        '-f',
        format,
        name,
      ];
      const ended = await run(lifecycle, { cwd });
      assert.match(ended.stdout, /api-lifecycle-accept/);
      assert.ok(!(ended.stdout + ended.stderr).includes(TOKEN));
    }
  }
});

const JWT = 'eyJhbGciOiJub25lIn0.S3CRETs3cret.c2ln';
const LONG = `S3CRET${'s3cret'.repeat(6)}`;

// [URL, headers, body]: wherever S3CRET stands, it is a secret. JSON's and percent's escapes are those that writers
// use.
const HOSTILE = [
  ['https://alice:S3CRET@api.coze.com/v1/x'],
  ['https://S3CRET@api.coze.com/v1/x'],
  ['https://a:S3CRET%40@api.coze.com/v1/x'],
  ['https://api.coze.com/v1/x#access_token=S3CRET'],
  ['https://api.coze.com/v1/x#a=b&id_token=S3CRET&c=d'],
  ['/v1/x?token=AAAA/S3CRET'],
  ...[
    'key',
    'auth',
    'code',
    'sid',
    'jwt',
    'pwd',
    'pass',
    'sig',
    'X-Amz-Signature',
    'access%5Ftoken',
    'user[pwd]',
    'token[]',
    'JSESSIONID',
    'accessKeyId',
  ].map((name) => [`/v1/x?a=b&${name}=S3CRET&c=d`]),
  ['/v1/x;jsessionid=S3CRET?a=b'],
  ['/v1/x?k=bot_S3CRET'],
  [`/v1/x?k=${JWT}`],
  ['/v1/x?k%3Dtoken%3DS3CRET'],
  ['/v1/x?access_token%3dS3CRET'],
  ['/v1/x?next=/cb?token=S3CRET'],
  ['/v1/x?next=https%3A%2F%2Fu%3AS3CRET%40a.example%2F'],
  ['/v1/x?next=%2Fcb%3Ftoken%3DAA%2526S3CRET'],
  ['/v1/x?token=AA%26S3CRET'],
  ...['bot_', 'BOT_', 'pat_', 'sat_', 'sk_', 'sk_live_', 'ghp_', 'eyJ', 'EYJ'].map((beginning) => [
    `/v1/${beginning}S3CRET/x`,
  ]),
  ['/v1/%62ot_S3CRET/x'],
  [`/v1/${LONG}/x`],
  [`/v1/${LONG}`],
  [`/v1//${LONG}?a`],
  ['/v1/bot_a.S3CRET'],
  ...['X-Auth', 'X-Api-Key', 'X-Session', 'X-JWT', 'Proxy-Authorization', 'Set-Cookie', 'X-Sig'].map((name) => [
    '/v1/x',
    { [name]: 'S3CRET' },
  ]),
  ['/v1/x', { Referer: 'https://alice:S3CRET@h/?a=b' }],
  ['/v1/x', { Referer: 'https://h/?access_token=S3CRET' }],
  ['/v1/x', { 'X-Note': 'Token bot_S3CRET' }],
  ['/v1/x', { 'X-Note': 'Bearer S3CRET' }],
  ['/v1/x', { Location: '/cb#code=S3CRET' }],
  ['/v1/x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=b&password=S3 "C# S3CRET&c=d'],
  ['/v1/x', {}, 'password=S3CRET&c=d'],
  ['/v1/x', {}, '{"query":"sk_live_S3CRET"}'],
  ['/v1/x', {}, '{"query":"a\\nbot_S3CRET"}'],
  ['/v1/x', {}, '{"url":"https:\\/\\/u:S3CRET@h\\/"}'],
  ['/v1/x', {}, '{"url":"\\/?a=b\\u0026token\\u003dS3CRET"}'],
  ['/v1/x', {}, '{"text":"{\\"password\\":\\"S3CRET\\"}"}'],
  ['/v1/x', {}, '{"a":1,"a":2,"pass\\u0077ord":"S3CRET","token":"S3CRET"}'],
];

const escaped = (json) => json.replaceAll('/', '\\/').replaceAll('&', '\\u0026').replaceAll('=', '\\u003d');
const withoutMasks = ({ text, masks }) =>
  masks()
    .toSorted((left, right) => right[0] - left[0])
    .reduce((shown, [start, end]) => shown.slice(0, start) + shown.slice(end), text);

function raw([url, headers = {}, body = '']) {
  return `POST ${url} HTTP/1.1\n${Object.entries({ Host: 'api.coze.com', ...headers })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n${body}`;
}

test('no place of a secret is shown', () => {
  for (const [url, headers, body] of HOSTILE) {
    const text = JSON.stringify(har(entry({ url: url.replace(/^\//, 'https://api.coze.com/'), headers, body })));
    for (const document of [
      ...documents(text),
      ...documents(escaped(text)),
      httpDocument(Buffer.from(raw([url, headers, body])), 'a.http', jsonProblems),
    ]) {
      assert.ok(!withoutMasks(document).includes('S3CRET'), withoutMasks(document));
    }
  }
});

test('the credentials of a text are found in one pass', () => {
  const started = performance.now();
  for (const part of ['\\', '=', 'token=', '/', '//a', '"', '"a":"', '%41', 'bearer ', 'bot_', ' ', 'eyJ', 'a@'])
    credentialRanges(part.repeat(200_000));
  assert.ok(performance.now() - started < 5000);
});

test('what is no secret is shown', () => {
  const text = raw([
    '/v2/chat/7372/messages?bot_id=123456&chat_id=7&country_code=86',
    {
      'Content-Type': 'application/json; charset=utf-8',
      Accept: 'text/html,application/xml;q=0.9,application/signed-exchange;v=b3;q=0.7',
      'Accept-Language': 'sk-SK,sk;q=0.9',
      'X-Event-Id': 'evt_1',
      'Idempotency-Key': 'order-7',
      Referer: 'https://a.example/b?c=d',
      'User-Agent': 'robot_framework/7 (x; y)',
    },
    '{"bot_id":"1","query":"hello","code":0,"key":"a","email":"a@b.example"}',
  ]);
  assert.equal(withoutMasks(httpDocument(Buffer.from(text), 'a.http', jsonProblems)), text);
});

test('no report of a hostile recording holds a secret', async (t) => {
  const contract = {
    contract: 'all',
    version: 1,
    signature: null,
    request: { methods: ['PUT'], path: '/hook', contentTypes: ['application/xml'] },
    schema: { type: 'object', required: ['id'], additionalProperties: false },
  };
  const one = ([url, headers, body = '{}']) =>
    entry({ url: url.replace(/^\//, 'https://api.coze.com/'), headers, body });
  const named = Object.fromEntries(HOSTILE.map((place, index) => [`${index}.http`, raw(place)]));
  const cwd = files(t, {
    'c.json': contract,
    'a.har': har(...HOSTILE.map(one)),
    'flat.har': escaped(JSON.stringify(har(...HOSTILE.map(one)))),
    ...named,
  });
  const checks = [
    ['check', '--pack', 'coze-migration', '--now', '2024-08-01T00:00:00Z'],
    [
      'check',
      '--pack',
      'api-lifecycle',
      '--set',
      'retired=[{"paths":["/v1/"],"warn":"2024-01-01"}]',
      '--now',
      '2024-08-01T00:00:00Z',
    ],
    ['verify', '--contract', './c.json'],
  ];
  for (const format of ['pretty', 'json', 'jsonl']) {
    for (const command of checks) {
      // Where there are excerpts.
      const names = format === 'pretty' ? ['a.har', 'flat.har', ...Object.keys(named)] : ['a.har'];
      const { stdout, stderr } = await run([...command, '-f', format, ...names], { cwd });
      const line = (stdout + stderr).split('\n').find((text) => text.includes('S3CRET'));
      assert.equal(line, undefined, `${command.slice(0, 3).join(' ')} ${format}`);
      assert.ok(stdout.length > 10_000, stderr + stdout);
    }
  }
});

test('the masks of a HAR are found in one pass', () => {
  const one = JSON.stringify(
    entry({ headers: { Authorization: 'Bearer x', 'Content-Type': 'a/b' }, body: '{"a":"\\"}{]["}' }),
  );
  const text = `{"log":{"entries":[${Array(5000).fill(one).join(',')}]}}`;
  const started = performance.now();
  const places = new HarPlaces(text);
  assert.equal(places.locate(4999, '/request/postData/_json/a').value[0], text.lastIndexOf('"{\\"a\\"'));
  assert.ok(performance.now() - started < 5000);
  const hidden = new Set(places.masks.map(([start, end]) => text.slice(start, end)));
  assert.deepEqual([...hidden].sort(), ['"Bearer x"', '"{\\"a\\":\\"\\\\\\"}{][\\"}"', '[]']);
});

test('packs judge their kind, and traffic asks for one by name', async (t) => {
  const cwd = files(t, {
    'a.har': har(entry(), entry()),
    'b.http': 'GET / HTTP/1.1\n\n',
    'ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    'note.yaml': 'a: 1\n',
  });
  const { stderr } = await ends(3, ['check', 'a.har'], { cwd });
  assert.equal(stderr.match(/no pack judges/g).length, 1);
  assert.match(stderr, /--pack coze-migration/);
  assert.match((await ends(3, [...COZE, 'ns.yaml'], { cwd })).stderr, /no pack judges/);
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
    /`coze-migration` found nothing that it judges/,
  );
});

test('a query and a form that only the URL and the text of a HAR have are read', async (t) => {
  const query = entry({ method: 'GET', url: 'https://api.coze.com/v2/chat?conversation_id=123' });
  const form = entry({ body: 'bot_id=1&conversation_id=12%33' });
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
    /cut\.har#0: the HAR holds \d+ bytes of the body, and content-length says 999/,
  );
  assert.match((await ends(3, [...verify, 'form.har'], options)).stderr, /the body's parameters, not its bytes/);
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
    /none\.har#0: the entry has no answer/,
  );
  const stderr = async (name) => (await ends(3, ['verify', '--contract', './c.json', name], { cwd })).stderr;
  assert.match(
    await stderr('lost.har'),
    /lost\.har#0: the HAR holds nothing of the answer's body, and `content\.size` says 8/,
  );
  assert.match(await stderr('bad.har'), /bad\.har#0: the body is said to be in base64, and is not/);
  assert.match(await stderr('odd.har'), /odd\.har#0: the body has an `encoding` that is not base64/);
  assert.match(await stderr('empty.har'), /empty\.har: the HAR has no entries/);
});

test("the examples of the packs' documents find what they say", async (t) => {
  const cwd = folder(t);
  cpSync(join(ROOT, 'examples'), join(cwd, 'examples'), { recursive: true });
  const count = async (code, ...args) =>
    JSON.parse((await ends(code, ['check', '-f', 'json', ...args], { cwd })).stdout).findings.length;
  assert.equal(
    await count(0, '--pack', 'coze-migration', '--now', '2024-08-01T00:00:00Z', 'examples/traffic/coze.har'),
    5,
  );
  const roadmap = ['--pack', 'api-lifecycle', '--data', 'examples/traffic/roadmap.json', 'examples/traffic/shop.har'];
  assert.equal(await count(0, '--now', '2024-12-31T00:00:00Z', ...roadmap), 0);
  assert.equal(await count(1, '--now', '2025-03-01T00:00:00Z', ...roadmap), 2);
  assert.equal(await count(1, '--now', '2025-08-01T00:00:00Z', ...roadmap), 3);
  assert.equal(await count(1, '--now', '2026-02-01T00:00:00Z', ...roadmap), 4);
});
