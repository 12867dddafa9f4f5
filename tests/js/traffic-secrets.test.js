// Recorded traffic: no token leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { jsonProblems } from '../../pkg/api/node.js';
import { httpDocuments } from '../../pkg/read/traffic.js';
import { HarPlaces } from '../../pkg/places/har.js';
import { credentialRanges } from '../../pkg/places/secrets.js';
import { run } from './setup.js';
import { COZE, documents, ends, entry, files, har, TOKEN } from './traffic/recordings.js';

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
      httpDocuments(Buffer.from(raw([url, headers, body])), 'a.http', jsonProblems)[0],
    ]) {
      assert.ok(!withoutMasks(document).includes('S3CRET'), withoutMasks(document));
    }
  }
});

test('the credentials of a text are found in one pass', () => {
  // The rest of the text for each part of it would take hours.
  for (const part of ['\\', '=', 'token=', '/', '//a', '"', '"a":"', '%41', 'bearer ', 'bot_', ' ', 'eyJ', 'a@'])
    credentialRanges(part.repeat(200_000));
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
  assert.equal(withoutMasks(httpDocuments(Buffer.from(text), 'a.http', jsonProblems)[0]), text);
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
  const count = 20_000; // the whole text for each entry would take many minutes
  const text = `{"log":{"entries":[${Array(count).fill(one).join(',')}]}}`;
  const places = new HarPlaces(text);
  assert.equal(places.locate(count - 1, '/request/postData/_json/a').value[0], text.lastIndexOf('"{\\"a\\"'));
  const hidden = new Set(places.masks.map(([start, end]) => text.slice(start, end)));
  assert.deepEqual([...hidden].sort(), ['"Bearer x"', '"{\\"a\\":\\"\\\\\\"}{][\\"}"', '[]']);
});
