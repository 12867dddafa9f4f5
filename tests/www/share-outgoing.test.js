// Whatever way something leaves the page by, no key and nothing that was replaced goes along.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shipped } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const {
  caseFolder,
  doubtful,
  fileTexts,
  initialState,
  lastLook,
  markdown,
  redacted,
  shareable,
  suspicious,
  unpublished,
  valuesOf,
} = await loaded(
  'www/src/state.ts',
  'www/src/share/outgoing.ts',
  'www/src/share/case.ts',
  'www/src/share/copy.ts',
  'www/src/share/warn.ts',
);

const contracts = {};
for (const name of ['sub2api', 'discord']) {
  const { contract, files } = await shipped.contract(name);
  contracts[name] = { summary: '', files: { ...files, 'contract.json': JSON.stringify(contract) } };
}
const KEY = 'a-published-test-key-of-a-case';
const data = {
  contracts,
  groups: [
    {
      title: {},
      examples: [{ path: 'a/b', title: {}, case: { contract: 'sub2api', keys: [{ secret: KEY }] }, files: {} }],
    },
  ],
};
const state = (text, more = {}) => ({
  ...initialState(),
  contract: { shipped: 'sub2api', files: {} },
  message: { text },
  ...more,
});
const secrets = { keys: [{ secret: KEY }], others: [] };
const withKey = `POST / HTTP/1.1\nX-Token: ${KEY}\n\n{}`;
const bytes = (text) => new TextEncoder().encode(text);

test('a published key is exempt where the example shows it, and nowhere else', () => {
  const [plain, shown] = [state('POST / HTTP/1.1\n\n{}'), state(withKey)];
  const mine = state(withKey, { example: 'a/b' });
  assert.deepEqual(unpublished(mine, secrets, data, shown).keys, []);
  assert.deepEqual(unpublished(mine, secrets, data, plain), secrets);
  assert.deepEqual(unpublished(state(withKey), secrets, data, undefined), secrets);
  const other = { keys: [{ secret: 'another-key-of-mine' }], others: [KEY] };
  assert.deepEqual(unpublished(mine, other, data, shown), other);
});

test('what stands in the example is not warned of, and with one more it is', async () => {
  const shown = state('POST / HTTP/1.1\nAuthorization: Bearer abcdef123456\n\n{}');
  assert.equal((await doubtful(shown, contracts, shown)).length, 0);
  assert.equal((await doubtful(shown, contracts, undefined)).length, 1);
  assert.ok(
    (await doubtful(state(shown.message.text.replace('{}', '{"password":"hunter2"}')), contracts, shown)).length > 0,
  );
});

test('public keys are written where the contract takes such, and a text that can be none is warned of', async () => {
  const publicKeys = [{ text: 'a secret that was typed into the wrong field' }];
  assert.deepEqual(shareable(state('', { publicKeys }), contracts).publicKeys, []);
  const files = caseFolder({ state: state(withKey, { publicKeys }), keys: [], data, now: 1 }).files;
  assert.doesNotMatch(Buffer.from(files['case.json']).toString(), /wrong field/);
  const discord = { ...state('', { publicKeys }), contract: { shipped: 'discord', files: {} } };
  assert.deepEqual(shareable(discord, contracts).publicKeys, publicKeys);
  assert.deepEqual(
    (await suspicious(discord, contracts)).map(({ where }) => where),
    ['/publicKeys/0/text'],
  );
  const PUBLIC = [
    '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n',
    'ab'.repeat(32),
    Buffer.alloc(32, 7).toString('base64'),
    '{ "kty": "OKP", "x": "a" }',
    '',
  ];
  for (const text of PUBLIC)
    assert.deepEqual(await suspicious({ ...discord, publicKeys: [{ text }] }, contracts), [], text);
});

test('what was replaced stands nowhere: not in another place, a finding, a cause or the folder', async () => {
  const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
  const one = state(
    'POST / HTTP/1.1\nAuthorization: Bearer ' +
      `opaque-1234567890\n\n{"token":"${token}","note":"opaque-1234567890","pass\\"word":1}`,
  );
  const found = await suspicious(one, contracts);
  const values = valuesOf(one, found);
  assert.ok(values.includes(token) && values.includes('opaque-1234567890'), values.join());
  const clean = await redacted(one, contracts);
  assert.doesNotMatch(clean.message.text, /opaque|ghp_/);

  const written = caseFolder({
    state: clean,
    keys: [],
    data,
    now: 1,
    text: `{"message":"${token}"}`,
    redacted: true,
  }).files;
  assert.deepEqual(Object.keys(written).sort(), ['README.md', 'case.json', 'request.http']);
  assert.match(Buffer.from(written['README.md']).toString(), /no verdict: text that looked like a secret was replaced/);
  lastLook(secrets, values)('the folder', ...fileTexts(written));

  const finding = (message, help) => ({ code: 'schema-const', stage: 'schema', severity: 'error', message, help });
  const verdict = {
    schemaVersion: 1,
    contract: 'sub2api',
    verdict: 'reject',
    status: 401,
    stages: [],
    findings: [finding(`is ${token}, no other`, 'opaque-1234567890'), finding(`cut: ${token.slice(0, 20)}… of it`)],
  };
  const diagnosis = {
    schemaVersion: 1,
    holds: false,
    causes: [
      { id: 'x', proved: true, edits: 1, at: 'body', message: `a ${token}`, mends: { express: `use ${token}` } },
    ],
    suspects: [],
    tried: 1,
    capped: false,
  };
  const text = await markdown({ state: one, contracts, verdict, diagnosis, now: 1, version: '0' });
  assert.doesNotMatch(text, /ghp_|opaque/);
  assert.match(text, /is \[redacted\], no other/);
  assert.match(text, /cut: \[redacted\]… of it/);
});

test('the last look refuses a key in any text, and allows the published ones of case.json', () => {
  const look = lastLook({ keys: [{ secret: 'live-key-1234' }], others: ['another-live-key', 'case'] }, [
    'a-replaced-value',
    'name',
  ]);
  look('a text', 'nothing of them, but the words case and name');
  for (const text of [
    'x live-key-1234',
    Buffer.from('another-live-key').toString('base64'),
    encodeURIComponent('live-key-1234'),
    'a-replaced-value',
  ]) {
    assert.throws(() => look('the link', text), { name: 'Problem', message: /is still in the link/ });
  }
  const files = {
    'a/case.json': bytes(JSON.stringify({ contract: 'x', keys: [{ secret: KEY }] })),
    'a/request.http': bytes(withKey),
  };
  const published = lastLook(secrets, []);
  published('the folder', ...fileTexts({ 'a/case.json': files['a/case.json'] }));
  assert.throws(() => published('the folder', ...fileTexts(files)));
  assert.throws(() => published('the folder', ...fileTexts({ [`a/${KEY}.rego`]: bytes('') })));
});

test('without a verdict the folder says so', () => {
  const { files } = caseFolder({ state: state(withKey), keys: [], data, now: 1 });
  assert.equal(files['verdict.json'], undefined);
  assert.match(Buffer.from(files['README.md']).toString(), /had not been checked/);
});
