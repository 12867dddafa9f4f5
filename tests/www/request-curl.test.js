// A message that is copied as curl is the same message again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import fc from 'fast-check';

import { curlCommand, FORM, messageText, read, recognise, shown } from './request/modules.js';

const CURLS = [
  [
    "curl https://h.example/a -H 'X: 1'",
    { method: 'GET', url: '/a', headers: { Host: 'h.example', X: '1' }, body: '' },
  ],
  [
    `$ curl -sS -XPUT "https://h.example/a?b=c" \\\n  -H "X: \\"q\\" \\$5" \\\r\n  --data-raw $'it\\'s ` +
      `\\u00e9\\n\\x41'`,
    {
      method: 'PUT',
      url: '/a?b=c',
      headers: { Host: 'h.example', X: '"q" $5', 'Content-Type': FORM },
      body: "it's é\nA",
    },
  ],
  [
    "curl -d a=1 -d 'b=2\n' --data-urlencode 'c=x y&é' http://h.example",
    { method: 'POST', url: 'http://h.example/', headers: { 'Content-Type': FORM }, body: 'a=1&b=2\n&c=x+y%26%C3%A9' },
  ],
  [
    "curl -G -d a=1 --data-urlencode =~'(' --url https://h.example/x?y=z#f",
    { method: 'GET', url: '/x?y=z&a=1&~%28', headers: { Host: 'h.example' }, body: '' },
  ],
  [
    "curl --json '{\"a\":1}' https://h.example/j -u me:pw -A agent -e from -b 'a=b'",
    {
      method: 'POST',
      url: '/j',
      body: '{"a":1}',
      headers: {
        Host: 'h.example',
        Authorization: 'Basic bWU6cHc=',
        'User-Agent': 'agent',
        Referer: 'from',
        Cookie: 'a=b',
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
    },
  ],
  [
    "curl https://h.example/ -H 'Content-Type:' -H 'Empty;' -H 'Host: other' -d x | jq .",
    { method: 'POST', url: '/', headers: { Empty: '', Host: 'other' }, body: 'x' },
  ],
  [
    "curl -X POST https://h.example/ -H 'Content-Type: text/plain' --data-binary @- <<'EOF'\na $b\nc\nEOF\n",
    { method: 'POST', url: '/', headers: { Host: 'h.example', 'Content-Type': 'text/plain' }, body: 'a $b\nc\n' },
  ],
  [
    "printf %s 'aGk=' | base64 -d | curl https://h.example/ --data-binary @-",
    { method: 'POST', url: '/', headers: { Host: 'h.example', 'Content-Type': FORM }, body: 'hi' },
  ],
  [
    'curl ^"https://h.example/a?b=1^&c=2^" ^\r\n  -X ^"PATCH^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  ' +
      '--data-raw ^"^{^\\^"a^\\^":^\\^"50^% ^\n\nx^\\^"^}^"',
    {
      method: 'PATCH',
      url: '/a?b=1&c=2',
      headers: { Host: 'h.example', 'content-type': 'application/json' },
      body: '{"a":"50% \nx"}',
    },
  ],
  [
    'curl.exe "https://h.example/a" ^\n  -H "X: a^b" ^\n  --data-raw "{\\"a\\":1}" ^\n  --compressed',
    { method: 'POST', url: '/a', headers: { Host: 'h.example', X: 'a^b', 'Content-Type': FORM }, body: '{"a":1}' },
  ],
];

for (const [command, expected] of CURLS) {
  test(`curl: ${JSON.stringify(command).slice(0, 90)}`, () => {
    const { source, entries } = recognise(command);
    assert.equal(source, 'curl');
    assert.equal(entries.length, 1);
    assert.deepEqual(shown(entries[0]), expected);
  });
}

const NOTICES = [
  ['curl https://h.example/ -d @body.json', /-d reads the file body\.json/],
  ['curl https://h.example/ --data-binary @-', /standard input/],
  ['curl https://h.example/ -F a=b', /multipart/],
  ['curl https://h.example/ -b jar.txt', /-b reads the file jar\.txt/],
  ['curl https://h.example/ -H "X: $TOKEN"', /\$TOKEN/],
  ['curl https://h.example/ --compressed -k -o out --max-time 3', /--compressed -k -o --max-time$/],
  ['curl https://h.example/ https://h.example/2', /first URL/],
];

for (const [command, expected] of NOTICES) {
  test(`curl tells: ${command}`, () => {
    const [{ notices }] = recognise(command).entries;
    assert.equal(notices.length, 1);
    assert.match(notices[0], expected);
  });
}

test('several curl commands are several messages', () => {
  const { entries } = recognise('export A=1\ncurl https://h.example/1 && curl https://h.example/2\n');
  assert.deepEqual(
    entries.map(({ label }) => label),
    ['GET h.example/1', 'GET h.example/2'],
  );
});

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  fc
    .array(fc.constantFrom("'", '"', '\\', '\n', '$x', '`', '!', '%', '@', '\0', '\r', '中'), { maxLength: 12 })
    .map((parts) => new TextEncoder().encode(parts.join(''))),
);
const values = fc
  .string({
    unit: fc.oneof(
      fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom("'", '\\', '%', '\t', '$'),
    ),
  })
  .map((value) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
const names = fc
  .stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/)
  .filter((name) => !['host', 'content-type', 'content-length'].includes(name.toLowerCase()));
const messages = fc.record(
  {
    method: fc.oneof(
      fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE'),
      fc.stringMatching(/^[!#$%&'*+.^_`|~A-Z-]{1,6}$/),
    ),
    url: fc.stringMatching(/^\/[!$%&'()*+,./0-9:;=?@A-Z[\\\]^_`a-z{|}~-]{0,20}$/),
    headers: fc
      .array(fc.tuple(names, values), { maxLength: 5 })
      .map((headers) => [['Host', 'h.example:8443'], ...headers]),
    body: bodies,
  },
  { noNullPrototype: true },
);

test('a message written as curl is read as the same message', () => {
  fc.assert(
    fc.property(messages, fc.boolean(), (message, base64) => {
      const { source, entries } = recognise(curlCommand(message, { base64 }));
      assert.equal(source, 'curl');
      assert.deepEqual(
        entries[0].notices.filter((notice) => !/--globoff|--path-as-is/.test(notice)),
        [],
      );
      assert.deepEqual(read(entries[0]), message);
    }),
    { numRuns: 1000 },
  );
});

/** What the shells give to curl: its arguments, and its input where it reads that. */
function givenToCurl(shell, command) {
  const shown = `printf '%s\\0' "$@"; case "$*" in *--data-binary\\ @-) printf '\\1'; cat;; esac;`;
  const script = `curl() { ${shown} }\n${command}\n`;
  const { stdout, stderr, status } = spawnSync(shell, { input: script, env: { LC_ALL: 'C', PATH: process.env.PATH } });
  assert.equal(status, 0, `${stderr}`);
  return stdout;
}

test('real shells read the command as it is meant', () => {
  const shells = ['bash', 'dash'].filter((name) => spawnSync(name, ['-c', ':']).status === 0);
  assert.ok(shells.length > 0);
  fc.assert(
    fc.property(messages, (message) => {
      const command = curlCommand(message);
      for (const shell of shells) {
        const given = givenToCurl(shell, command);
        const isPiped = command.startsWith('printf');
        if (isPiped) assert.deepEqual(new Uint8Array(given.subarray(given.length - message.body.length)), message.body);
        const words = given.toString('latin1').split('\0');
        if (!isPiped && message.body.length > 0)
          assert.equal(words.at(-2), Buffer.from(message.body).toString('latin1'));
        assert.ok(words.includes(`https://h.example:8443${message.url}`));
        for (const [name, value] of message.headers.slice(1))
          assert.ok(words.includes(value === '' ? `${name};` : `${name}: ${value}`), command);
      }
    }),
    { numRuns: 25 },
  );
});

test('a long body goes through a pipe, and an answer has no command', () => {
  const body = new TextEncoder().encode('x'.repeat(300_000));
  const message = {
    method: 'POST',
    url: '/',
    headers: [
      ['Host', 'h.example'],
      ['Content-Type', 'text/plain'],
      ['Content-Length', '300000'],
    ],
    body,
  };
  const command = curlCommand(message);
  assert.match(command, /^printf %s 'x/);
  assert.deepEqual(read(recognise(command).entries[0]), message);
  assert.ok(givenToCurl('bash', command).includes('x'.repeat(300_000)));
  assert.equal(curlCommand({ status: 200, headers: [], body }), undefined);
});

test('the host of a command is that of the URL, the origin or the Host header', () => {
  const message = { method: 'GET', url: '/a', headers: [['Host', 'h.example']], body: new Uint8Array() };
  assert.equal(curlCommand(message), "curl 'https://h.example/a'");
  assert.equal(
    curlCommand(message, { origin: 'http://127.0.0.1:80' }),
    "curl 'http://127.0.0.1:80/a' \\\n  -H 'Host: h.example'",
  );
  assert.equal(
    curlCommand({ ...message, url: 'http://o.example/a' }),
    "curl 'http://o.example/a' \\\n  -H 'Host: h.example'",
  );
});

test('messages are written and read without a loss', () => {
  fc.assert(fc.property(messages, (message) => assert.deepEqual(read(messageText(message)), message)));
});
