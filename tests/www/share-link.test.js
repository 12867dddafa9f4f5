// A link reproduces the state, holds no key, and says in words what is wrong with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import fc from 'fast-check';

import { loaded } from './loaded.js';

const { decode, encode, exampleHash, initialState, isStateFile, linkTooLong, stateFile, stateOfFile } = await loaded(
  'www/src/state.ts',
  'www/src/share/link.ts',
);

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const byName = fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'contract.json')), text, {
  noNullPrototype: true,
});
const states = fc.record(
  {
    mode: fc.constantFrom('webhook', 'deployment'),
    action: fc.constantFrom('verify', 'sign', 'shape'),
    open: fc.record(
      {
        pane: fc.constantFrom('input', 'rules', 'result'),
        input: fc.constantFrom('raw', 'headers', 'query', 'body'),
        rules: fc.constantFrom('form', 'contract', 'schema', 'policy', 'data'),
        result: fc.constantFrom('findings', 'signed', 'message', 'json'),
        pack: fc.constantFrom('packs', 'policy', 'data'),
        file: text,
      },
      { requiredKeys: ['pane', 'input', 'rules', 'result', 'pack'], noNullPrototype: true },
    ),
    example: text,
    message: fc.record(
      { text: fc.oneof(text, fc.constant('POST / HTTP/1.1\r\n\r\n\ud800')), base64: fc.boolean() },
      { requiredKeys: ['text'], noNullPrototype: true },
    ),
    contract: fc.record({ shipped: text, files: byName }, { requiredKeys: ['files'], noNullPrototype: true }),
    params: text,
    origin: text,
    publicKeys: fc.array(fc.record({ id: text, text }, { requiredKeys: ['text'], noNullPrototype: true })),
    now: fc.integer({ min: 0, max: 4e9 }),
    seen: fc.array(fc.record({ key: text, until: fc.integer() }, { noNullPrototype: true })),
    options: fc.dictionary(
      text,
      fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
      { noNullPrototype: true },
    ),
    deployment: fc.record(
      { documents: text, packs: fc.array(text), policy: byName, data: text, params: text },
      { noNullPrototype: true },
    ),
  },
  {
    requiredKeys: [
      'mode',
      'action',
      'open',
      'message',
      'contract',
      'params',
      'origin',
      'publicKeys',
      'now',
      'seen',
      'options',
      'deployment',
    ],
    noNullPrototype: true,
  },
);

const packed = (value) =>
  `#1.${deflateRawSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}`;

test('any state comes back as it was, from a link and from a file', () =>
  fc.assert(
    fc.asyncProperty(states, async (state) => {
      assert.deepEqual(await decode(await encode(state)), { state });
      const file = JSON.parse(stateFile(state));
      assert.ok(isStateFile(file));
      assert.deepEqual(stateOfFile(file), { state });
    }),
    { numRuns: 300 },
  ));

test('the clock is written down, so that the verdict is the same later', async () => {
  const { state } = await decode(await encode(initialState(), 1717029588));
  assert.equal(state.now, 1717029588);
});

test('only what differs is written, the open tab included', async () => {
  const state = initialState();
  state.open.result = 'signed';
  const hash = await encode(state, 7);
  assert.deepEqual(JSON.parse(inflateRawSync(Buffer.from(hash.slice(3), 'base64url'))), {
    open: { result: 'signed' },
    now: 7,
  });
  assert.ok(hash.length < 80);
});

test('500 KB that do not compress go through', async () => {
  const state = { ...initialState(), now: 1 };
  let seed = 1;
  state.message.text = Array.from({ length: 500_000 }, () =>
    String.fromCharCode(33 + ((seed = (seed * 48271) % 2147483647) % 90)),
  ).join('');
  const hash = await encode(state);
  assert.ok(linkTooLong(`https://play.example/${hash}`));
  assert.deepEqual(await decode(hash), { state });
  assert.ok(!linkTooLong(`https://play.example/${await encode(initialState())}`));
});

test('what no link could bring back is not made into one', async () => {
  const state = { ...initialState(), params: ' '.repeat(5_000_000) };
  await assert.rejects(encode(state), { name: 'Problem', message: /larger than 4 MB/ });
});

test('missing members are as at first, and unknown ones are dropped', async () => {
  const { state } = await decode(
    packed({
      mode: 'deployment',
      later: 1,
      open: { rules: 'policy', more: 2 },
      seen: [{ key: 'a', until: 3, by: 'x' }],
      secrets: { keys: [{ secret: 'no' }] },
    }),
  );
  const expected = initialState();
  expected.mode = 'deployment';
  expected.open.rules = 'policy';
  expected.seen = [{ key: 'a', until: 3 }];
  assert.deepEqual(state, expected);
});

const PROBLEMS = [
  ['another version', '#2.abc', /version 2.*version 1/],
  ['no version', '#.abc', /not a link of the playground/],
  ['nothing of ours', '#{"a":1}', /not a link of the playground/],
  ['nothing behind the version', '#1.', /cut or changed/],
  ['a character that is no base64url', '#1.ab*c', /cut or changed/],
  ['no deflated data', '#1.AAAAAAAA', /cut or changed/],
  ['no JSON', packed('{"mode"'), /not a JSON object/],
  ['a list', packed('[]'), /not a JSON object/],
  ['null', packed('null'), /not a JSON object/],
  ['no UTF-8', `#1.${deflateRawSync(Buffer.from([0x22, 0xff, 0x22])).toString('base64url')}`, /cut or changed/],
  ['a mode that there is not', packed({ mode: 'other' }), /`\/mode`/],
  ['a tab that there is not', packed({ open: { result: 'x' } }), /`\/open\/result`/],
  ['a text that is a number', packed({ message: { text: 1 } }), /`\/message\/text`/],
  ['a file that is no text', packed({ contract: { files: { a: {} } } }), /`\/contract\/files`/],
  ['a list that is an object', packed({ publicKeys: {} }), /`\/publicKeys`/],
  ['an item without a member', packed({ seen: [{ key: 'a' }] }), /`\/seen\/0\/until`/],
  ['a time in milliseconds', packed({ now: 1717029588000 }), /`\/now`/],
  ['an object in place of a text', packed({ open: null }), /`\/open`/],
  ['a bomb', `#1.${deflateRawSync(Buffer.alloc(200_000_000, 0x20)).toString('base64url')}`, /larger than 4 MB/],
  ['an example without a name', '#example=', /names no example/],
  ['an example outside', '#example=../../etc/passwd', /names no example/],
];
for (const [what, hash, expected] of PROBLEMS) {
  test(`a problem in words: ${what}`, async () => {
    const found = await decode(hash);
    assert.deepEqual(Object.keys(found), ['problem']);
    assert.match(found.problem, expected);
  });
}

test('a link that is cut anywhere is a problem', async () => {
  const hash = await encode(
    { ...initialState(), params: '{"a":"some words that are not the same"}', origin: 'https://example.org' },
    1,
  );
  for (let length = 3; length < hash.length - 1; length += 1)
    assert.deepEqual(Object.keys(await decode(hash.slice(0, length))), ['problem'], String(length));
});

test('any text is a state, an example, nothing or a problem', () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.base64String().map((part) => `#1.${part}`),
        fc.json().map(packed),
      ),
      async (hash) => {
        assert.ok(['state', 'example', 'empty', 'problem'].includes(Object.keys(await decode(hash))[0]));
      },
    ),
    { numRuns: 300 },
  ));

test('deep links name a case and tabs; anchors are no links', async () => {
  assert.deepEqual(await decode(exampleHash('coze-v2/accept')), { example: 'coze-v2/accept', open: {} });
  assert.deepEqual(await decode('#example=coze-v2/accept&result=signed&pane=result&input=nothing&file=x'), {
    example: 'coze-v2/accept',
    open: { result: 'signed', pane: 'result' },
  });
  for (const hash of ['', '#', '#result']) assert.deepEqual(await decode(hash), { empty: true });
});

test('a browser that cannot unpack says so, and writes the state as a file all the same', async () => {
  const [hash, { CompressionStream, DecompressionStream }] = [await encode(initialState(), 1), globalThis];
  const broken = [
    undefined,
    class {
      constructor() {
        throw new TypeError('unknown format');
      }
    },
  ];
  try {
    for (const stream of broken) {
      Object.assign(globalThis, { CompressionStream: stream, DecompressionStream: stream });
      await assert.rejects(encode(initialState(), 1), { name: 'Problem', message: /browser is too old/ });
      assert.match((await decode(hash)).problem, /browser is too old/);
      assert.ok(stateFile(initialState(), 1));
    }
  } finally {
    Object.assign(globalThis, { CompressionStream, DecompressionStream });
  }
});
