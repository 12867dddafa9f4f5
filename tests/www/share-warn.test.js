// What looks like a live secret is warned of, what is none is not, and a key of the page is found in whatever encoding.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { shipped } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const { holds, initialState, redacted, suspicious } = await loaded('www/src/state.ts', 'www/src/share/warn.ts');

const contracts = {};
for (const name of ['sub2api', 'slack', 'coze-dpop', 'standard-webhooks']) {
  const { contract, files } = await shipped.contract(name);
  contracts[name] = { summary: '', files: { ...files, 'contract.json': JSON.stringify(contract) } };
}

const state = (change) => {
  const made = initialState();
  change(made);
  return made;
};
const message = (text, shipped = 'sub2api') =>
  state((one) => {
    one.message.text = text;
    one.contract.shipped = shipped;
  });
const head = (line) => message(`POST /hook HTTP/1.1\r\n${line}\r\n\r\n{}`);
const body = (text) => message(`POST /hook HTTP/1.1\r\n\r\n${text}`);
const documents = (text) =>
  state((one) => {
    one.deployment.documents = text;
  });
const rego = (text) =>
  state((one) => {
    one.deployment.policy['a.rego'] = text;
  });
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLWl0';
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----';

const SEEN = [
  ['a token of a header', head('Authorization: Bearer abcdef123456'), '/message/text', ['abcdef123456']],
  ['a cookie', head('Cookie: a=b1234; c=d5678'), '/message/text', ['a=b1234; c=d5678']],
  ['an API key', head('X-Api-Key: abcdef'), '/message/text', ['abcdef']],
  ['a parameter', message('POST /hook?token=abcd1234&a=b HTTP/1.1\n\n'), '/message/text', ['abcd1234']],
  ['Stripe', body('{"a":"sk_live_abcdefghijklmnop"}'), '/message/text', ['sk_live_abcdefghijklmnop']],
  [
    'a webhook secret',
    body('{"a":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}'),
    '/message/text',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ],
  [
    'GitHub',
    body('ghp_abcdefghijklmnopqrstuvwxyz0123456789'),
    '/message/text',
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ],
  ['Slack', body('xoxb-123456789012-abcdefghij'), '/message/text', ['xoxb-123456789012-abcdefghij']],
  ['AWS', body('AKIAIOSFODNN7EXAMPLE'), '/message/text', ['AKIAIOSFODNN7EXAMPLE']],
  ['a JWT', body(`{"a":"${JWT}"}`), '/message/text', [JWT]],
  ['a private key', rego(`# ${PEM}`), '/deployment/policy/a.rego', [PEM]],
  [
    'a private key where public ones stand',
    state((one) => one.publicKeys.push({ text: PEM })),
    '/publicKeys/0/text',
    [PEM],
  ],
  [
    'a private JSON Web Key',
    state((one) => one.publicKeys.push({ text: `{"kty":"OKP","d":"${'a1'.repeat(22)}"}` })),
    '/publicKeys/0/text',
    ['a1'.repeat(22)],
  ],
  ['a password of a body', body('{"password":"hunter2"}'), '/message/text', ['hunter2']],
  [
    'a Kubernetes Secret',
    documents('apiVersion: v1\nkind: Secret\ndata:\n  a: aHVudGVyMg==\n'),
    '/deployment/documents',
    ['a: aHVudGVyMg=='],
  ],
  [
    'a variable of a container',
    documents(
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: DB_PASSWORD\n      value: "hunter2"\n',
    ),
    '/deployment/documents',
    ['hunter2'],
  ],
  ['a document that cannot be read', documents(`a: [\nb: ${JWT}`), '/deployment/documents', [JWT]],
  [
    'parameters',
    state((one) => {
      one.params = '{"api_token":"abcd1234"}';
    }),
    '/params',
    ['abcd1234'],
  ],
  [
    'the signature of another contract',
    message('POST / HTTP/1.1\nX-CS-Signature: abcdef0123\n\n', 'slack'),
    '/message/text',
    ['abcdef0123'],
  ],
  [
    'an access token beside a proof',
    message(`POST / HTTP/1.1\nAuthorization: DPoP ${JWT}\nDPoP: ${JWT.replaceAll('c2ln', 'b3Ro')}\n\n`, 'coze-dpop'),
    '/message/text',
    [JWT],
  ],
];
for (const [what, one, where, texts] of SEEN) {
  test(`warned of: ${what}`, async () => {
    const found = await suspicious(one, contracts);
    const text = where
      .slice(1)
      .split('/')
      .reduce((node, part) => node[part], one);
    assert.deepEqual(
      found.map((place) => [place.where, text.slice(place.from, place.to).trim()]),
      texts.map((expected) => [where, expected]),
    );
    for (const { masked } of found) assert.ok(masked.length <= 5);
    const clean = await redacted(one, contracts);
    for (const secret of texts) assert.ok(!JSON.stringify(clean).includes(secret));
    assert.deepEqual(await suspicious(clean, contracts), []);
  });
}

const UNSEEN = [
  [
    "the contract's own signature",
    head('X-CS-Timestamp: 1717029588\r\nX-CS-Signature: 9f2c4b1a77e19f2c4b1a77e19f2c4b1a77e1'),
  ],
  [
    'the signature with a slash',
    message(
      'POST / HTTP/1.1\nwebhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-signature: ' +
        'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/HpI4pI4pI4pI4pI4pI4pI4pI4pI4pI4=\n\n{}',
      'standard-webhooks',
    ),
  ],
  ['a code that is a word', body('{"error_code":"BOT_INVALID"}')],
  ['a path of words', message('POST /api/v1/customer-service-with-a-long-name-of-words/webhook HTTP/1.1\n\n')],
  ['a program about tokens', rego('package a\ndeny contains "x" if input.body.token==data.params.token\n')],
  ['what is redacted', head('Authorization: Bearer [redacted]')],
  [
    'a reference to a secret',
    documents(
      'apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - secret: { secretName: db }\n  imagePullSecrets:\n  - name: ' +
        'registry\n  serviceAccountToken: true\n',
    ),
  ],
  [
    'an example',
    state((one) => {
      one.example = 'api-lifecycle/a-name-of-a-case-that-is-longer-than-others-1234567890';
    }),
  ],
];
for (const [what, one] of UNSEEN)
  test(`not warned of: ${what}`, async () => assert.deepEqual(await suspicious(one, contracts), []));

test('a key that is the token of its contract is warned of', async () => {
  const one = head('X-Token: abcdef0123456789');
  one.contract = {
    files: {
      'contract.json': JSON.stringify({
        signature: { engine: 'segments', key: { algorithm: 'token' }, from: { header: 'x-token' } },
      }),
    },
  };
  assert.equal((await suspicious(one)).length, 1);
});

test('a redacted body keeps its Content-Length true', async () => {
  const {
    message: { text },
  } = await redacted(message('POST / HTTP/1.1\r\nContent-Length: 22\r\n\r\n{"password":"hunter2"}'), contracts);
  assert.equal(text, 'POST / HTTP/1.1\r\nContent-Length: 25\r\n\r\n{"password":"[redacted]"}');
});

test('a secret in a body of base64 is seen, and the body goes', async () => {
  const one = body(Buffer.from([0xff, ...Buffer.from('{"password":"hunter2"}')]).toString('base64'));
  one.message.base64 = true;
  assert.equal((await suspicious(one)).length, 1);
  const clean = await redacted(one);
  assert.equal(clean.message.text, 'POST /hook HTTP/1.1\r\n\r\n[redacted]');
  assert.equal(clean.message.base64, undefined);
});

const KEY = 'a"live\\key/é+%&=with~every?kind';
const percent = (text, encoded) =>
  encoded
    ? [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    : encodeURIComponent(text);
const ENCODINGS = {
  verbatim: (key) => key,
  'in base64': (key) => Buffer.from(key).toString('base64'),
  'in base64 behind others': (key) => Buffer.from(`user:${key}`).toString('base64'),
  'in base64 between others': (key) => Buffer.from(`us:${key}, more`).toString('base64'),
  'in folded base64': (key) =>
    Buffer.from(`a ${key}`)
      .toString('base64')
      .replace(/(.{8})/g, '$1\n  '),
  'in base64url': (key) => Buffer.from(key).toString('base64url'),
  'in hex': (key) => Buffer.from(key).toString('hex'),
  'in capital hex': (key) => Buffer.from(key).toString('hex').toUpperCase(),
  'percent-encoded': (key) => percent(key),
  'percent-encoded everywhere': (key) => percent(key, true),
  'percent-encoded twice': (key) => percent(percent(key)),
  'escaped in JSON': (key) => JSON.stringify({ a: key }),
  'escaped in JSON in JSON': (key) => JSON.stringify(JSON.stringify({ a: key })),
  'escaped character by character': (key) =>
    [...key].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'percent-encoded JSON': (key) => percent(JSON.stringify({ a: key })),
};
const PLACES = {
  'the message': (one, text) => {
    one.message.text = `POST / HTTP/1.1\n\nbefore ${text} after`;
  },
  'a file of the contract': (one, text) => {
    one.contract.files['a.rego'] = `# ${text}\n`;
  },
  "a file's name": (one, text) => {
    one.deployment.policy[text] = '';
  },
  'an option': (one, text) => {
    one.options = { nonces: ['a', text] };
  },
  'a public key': (one, text) => {
    one.publicKeys = [{ text }];
  },
  documents: (one, text) => {
    one.deployment.documents = text;
  },
};
for (const [how, write] of Object.entries(ENCODINGS)) {
  test(`a key of the page is found ${how}`, () => {
    for (const [where, put] of Object.entries(PLACES)) {
      for (const secrets of [
        { keys: [{ secret: KEY }], others: [] },
        { keys: [], others: [KEY] },
        { keys: [{ secret: new TextEncoder().encode(KEY) }], others: [] },
      ]) {
        assert.equal(
          holds(
            state((one) => put(one, write(KEY))),
            secrets,
          ).length,
          1,
          where,
        );
        assert.deepEqual(
          holds(
            state((one) => put(one, write('some other text that is here'))),
            secrets,
          ),
          [],
          where,
        );
      }
    }
  });
}

test('a key is found without its prefix, decoded, and in a body of base64', () => {
  const raw = Buffer.from('0123456789abcdefghijklmn');
  const secrets = { keys: [{ secret: `whsec_${raw.toString('base64')}` }], others: [] };
  for (const text of [raw.toString('base64'), raw.toString(), raw.toString('hex')])
    assert.deepEqual(holds(body(text), secrets), ['/message/text'], text);
  const one = body(Buffer.from(`\xff ${raw} x`, 'latin1').toString('base64'));
  one.message.base64 = true;
  assert.deepEqual(holds(one, secrets), ['/message/text']);
});

test('no key, or one that is too short to be one, stands nowhere', () => {
  const one = body('{"a":1}');
  for (const secret of ['', 'a', '{}', ':1}'])
    assert.deepEqual(holds(one, { keys: [{ secret }], others: [secret] }), []);
});

test('any text is searched and redacted without an error', () =>
  fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ minLength: 4 }),
      async (text, secret) => {
        const one = message(text);
        one.deployment.documents = text;
        assert.equal(typeof (await redacted(one, contracts)).message.text, 'string');
        one.params = `x${secret}y`;
        assert.ok(holds(one, { keys: [{ secret }], others: [] }).includes('/params'));
      },
    ),
    { numRuns: 300 },
  ));
